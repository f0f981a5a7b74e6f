"""What office programs put on the clipboard, composed from what is known of their formats, and what is meant by it.

The first is HTML, the second what a text here has of it: by the editor after a paste, and by every other path.
"""

_WORD = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40"><head>
<meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!--
 /* Style Definitions */
 p.MsoNormal, li.MsoNormal, div.MsoNormal {mso-style-parent:""; margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;}
 span.MsoFootnoteReference {mso-style-noshow:yes; vertical-align:super;}
 span.Withdrawn {text-decoration:line-through;}
 span.Strong1 {font-weight:bold;}
 @page WordSection1 {size:595.3pt 841.9pt; margin:72.0pt 72.0pt 72.0pt 72.0pt;}
 @media print { p.MsoNormal {display:none} }
--></style></head><body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->%s<!--EndFragment--></body></html>"""
_EXCEL = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta name=Generator content="Microsoft Excel 15">
<style><!--table {mso-displayed-decimal-separator:"\\.";} tr {mso-height-source:auto;} col {mso-width-source:auto;}
 td {padding:0px; font-weight:400; font-style:normal; vertical-align:bottom; border:none;}
 .xl65 {font-weight:700;} .xl66 {display:none;}--></style></head><body link="#0563C1">
<table border=0 cellpadding=0 cellspacing=0 width=192 style='border-collapse:collapse;width:144pt'><!--StartFragment-->
%s<!--EndFragment--></table></body></html>"""
_GOOGLE = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1a2b3c">%s</b>"""
_P = '<p style="line-height:1.38;margin-top:0pt" dir="ltr"><span style="font-size:11pt;font-weight:400;font-style:normal;text-decoration:none;vertical-align:baseline">'
SAFE = "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.dortmund.de%2Fstadt%3Fa%3D1%26b%3D2&amp;data=05%7C02%7Ccolleague%40example.org%7C0&amp;sdata=x%3D&amp;reserved=0"


def _table(*rows: str, head: str = "") -> str:
    def row(cells, name):
        return f"<tr>{''.join(f'<{name}><p>{cell}</p></{name}>' for cell in cells.split('|'))}</tr>"

    heads = row(head, "th") if head else ""
    return f"<table><tbody>{heads}{''.join(row(cells, 'td') for cells in rows)}</tbody></table>"


CLIPBOARDS = {
    "Word: tracked changes": (
        _WORD
        % "<p class=MsoNormal>Leeds pays <del cite='mailto:A%20Colleague' datetime='2026-11-20T10:00'><span lang=EN-GB>£90,000, not"
        " agreed,</span></del><ins cite='mailto:A%20Colleague' datetime='2026-11-20T10:01'>a share</ins><span class=msoDel>, 9"
        " per cent</span> <s>of it</s><strike>of all</strike><span style='text-decoration:underline line-through'>not"
        "</span><span class=Withdrawn>never</span>of the costs.</p>",
        "<p>Leeds pays a share of the costs.</p>",
    ),
    "Word: comments": (
        _WORD
        % "<p class=MsoNormal>Leeds pays <a style='mso-comment-reference:AC_1;mso-comment-date:20261120T1000'>a share</a><span"
        " class=MsoCommentReference><span style='font-size:8.0pt'><![if !supportAnnotations]><a class=msocomanchor"
        ' id="_anchor_1" href="#_msocom_1" name="_msoanchor_1">[AC1]</a><![endif]><span'
        " style='mso-special-character:comment'>&nbsp;</span></span></span> of it.</p><div style='mso-element:comment-list'>"
        '<![if !supportAnnotations]><hr class=msocomoff align=left size=1 width="33%"><![endif]><div'
        " style='mso-element:comment'><div id=\"_com_1\" class=msocomtxt><p class=MsoCommentText>£90,000 at most!</p></div>"
        "</div></div>",
        "<p>Leeds pays a share of it.</p>",
    ),
    "Word: hidden text": (
        _WORD
        % "<p class=MsoNormal>Shown<span style='display:none;mso-hide:all'> not agreed</span>.</p><p class=MsoNormal"
        " style='display:none;mso-hide:all'>Nor this.</p><p class=MsoNormal>And <span class=Strong1>bold</span>, <b><span"
        " style='font-weight:normal'>plain</span></b>.</p>",
        "<p>Shown.</p><p>And <strong>bold</strong>, plain.</p>",
    ),
    "Word: footnote": (
        _WORD
        % '<p class=MsoNormal>Since 2021<a style=\'mso-footnote-id:ftn1\' href="#_ftn1" name="_ftnref1" title=""><span'
        " class=MsoFootnoteReference><span style='mso-special-character:footnote'><![if !supportFootnotes]>1<![endif]></span>"
        "</span></a>, 25 m<sup>2</sup>, CO<sub>2</sub>.</p>",
        "<p>Since 2021<sup>1</sup>, 25 m<sup>2</sup>, CO<sub>2</sub>.</p>",
    ),
    "Word: lists": (
        _WORD
        % "<p class=MsoNormal>Two<o:p></o:p></p><p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0"
        " level1 lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span"
        " style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>Lille<o:p></o:p></p><p"
        " class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><![if !supportLists]><span"
        " style='mso-list:Ignore'>·<span>&nbsp;</span></span><![endif]>Brno</p><p class=MsoListParagraph"
        " style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.<span>&nbsp;</span></span>Sign</p><p class=MsoNormal>"
        "<o:p>&nbsp;</o:p></p>",
        "<p>Two</p><ul><li><p>Lille</p></li><li><p>Brno</p></li></ul><ol><li><p>Sign</p></li></ol>",
    ),
    "Word: table": (
        _WORD % "<table class=MsoTableGrid border=1 style='border-collapse:collapse;mso-yfti-tbllook:1184'><tr"
        " style='mso-yfti-irow:0;mso-yfti-firstrow:yes'><td width=301 valign=top style='width:225.4pt'><p class=MsoNormal><b>City"
        "<o:p></o:p></b></p></td><td width=301><p class=MsoNormal><b>Since</b></p></td></tr><tr"
        " style='mso-yfti-irow:1;mso-yfti-lastrow:yes'><td width=301><p class=MsoNormal>Lille</p></td><td width=301><p"
        " class=MsoNormal><del>1967</del>1968</p></td></tr></table>",
        _table("Lille|1968", head="City|Since"),
    ),
    "Outlook: a mail": (
        '<html><body><div style="display:none;font-size:1px;color:#ffffff;line-height:1px;max-height:0px;opacity:0;overflow:hidden'
        '">For internal use</div><div class=WordSection1><p class=MsoNormal>See <a href="'
        + SAFE
        + '" title="Original URL:'
        ' https://www.dortmund.de/stadt. Click or tap if you trust this link.">Dortmund</a> and <strike>my notes</strike>'
        '<a href="mailto:press@example.org">us</a>.</p></div></body></html>',
        '<p>See <a href="https://www.dortmund.de/stadt?a=1&amp;b=2">Dortmund</a> and'
        ' <a href="mailto:press@example.org">us</a>.</p>',
    ),
    "a table that arranges a page": (
        '<table role=presentation width="100%"><tr><td><table><tr><td><h2>News</h2></td></tr><tr><td>Both cities</td>'
        "<td>signed.</td></tr></table></td></tr></table>",
        "<h3>News</h3><p>Both cities</p><p>signed.</p>",
    ),
    "LibreOffice Writer": (
        '<!DOCTYPE html><html><head><meta name="generator" content="LibreOffice 24.8 (Linux)"/><title>Draft 3</title><style'
        ' type="text/css">p { margin-bottom: 0.25cm; background: transparent } a.sdfootnoteanc { font-size: 57% }</style></head>'
        '<body lang="en-GB" dir="ltr"><p>Leeds pays <del cite="#">a lot</del><strike>much</strike><font'
        ' color="#000000"><span style="text-decoration: line-through">more</span></font>a <i>share</i><a'
        ' class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a><!-- Colleague: not agreed -->'
        '.</p><p style="display: none">Hidden paragraph</p><ul><li><p>One</p></li><li><p>Two</p></li></ul></body></html>',
        "<p>Leeds pays a <em>share</em><sup>1</sup>.</p><ul><li><p>One</p></li><li><p>Two</p></li></ul>",
    ),
    "LibreOffice Calc": (
        '<html><head><meta name="generator" content="LibreOffice 24.8"/><style type="text/css">body,div,table,thead,tbody,'
        'tfoot,tr,th,td,p { font-family:"Liberation Sans"; font-size:x-small } a.comment-indicator:hover + comment {'
        ' display:block; } comment { display:none; }</style></head><body><table cellspacing="0" border="0"><colgroup'
        ' span="2" width="85"></colgroup><tr><td height="17" align="left"><b>City</b></td><td align="left"><b>Since</b>'
        '</td></tr><tr><td align="left">Lille<a class="comment-indicator"></a><comment>ask again</comment></td><td'
        ' align="right" sdval="1968">1968</td></tr></table></body></html>',
        _table("Lille|1968", head="City|Since"),
    ),
    "Google Docs": (
        _GOOGLE
        % (
            f'{_P}Leeds </span><span style="font-weight:700;vertical-align:baseline">agrees</span><span'
            ' style="font-weight:400;text-decoration:line-through"> to nothing</span><sup><a href="#cmnt1" id="cmnt_ref1">'
            '[a]</a></sup><span style="font-weight:400;font-style:italic"> today</span><span'
            ' style="font-size:0.6em;font-weight:400;vertical-align:super">1</span></p><br/><ul'
            ' style="margin-top:0"><li dir="ltr" style="list-style-type:disc" aria-level="1"><p dir="ltr"'
            ' role="presentation"><span style="font-weight:400">One</span></p></li><ul><li aria-level="2"><p'
            ' role="presentation"><span style="font-weight:400">Below</span></p></li></ul></ul><p><a'
            ' href="https://www.google.com/url?q=https://example.org/&amp;sa=D&amp;source=editors&amp;usg=x"><span'
            ' style="text-decoration:underline;font-weight:400">More</span></a></p><div style="border:1px solid'
            ' black;margin:5px"><p><a href="#cmnt_ref1" id="cmnt1">[a]</a><span>Is this agreed?</span></p></div>'
        ),
        "<p>Leeds <strong>agrees</strong><em> today</em><sup>1</sup></p><ul><li><p>One</p><ul><li><p>Below</p></li></ul></li>"
        '</ul><p><a href="https://example.org/">More</a></p>',
    ),
    "Google Sheets": (
        '<google-sheets-html-origin><style type="text/css"><!--td {border: 1px solid #cccccc;}--></style><table'
        ' xmlns="http://www.w3.org/1999/xhtml" cellspacing="0" data-sheets-root="1"><colgroup><col width="100"/><col'
        ' width="100"/></colgroup><tbody><tr style="height:21px;"><td style="overflow:hidden;padding:2px 3px;'
        'font-weight:bold;">City</td><td style="overflow:hidden;font-weight:bold;">Since</td></tr><tr'
        ' style="height:21px;"><td style="overflow:hidden;">Lille</td><td style="text-align:right;">1968</td></tr></tbody>'
        "</table>",
        _table("Lille|1968", head="City|Since"),
    ),
    "Excel: cells": (
        _EXCEL
        % "<col width=64 span=2 style='width:48pt'><tr height=20><td height=20 width=64>Lille</td><td align=right"
        " width=64>1968</td></tr><tr height=20><td height=20>Dortmund</td><td align=right>1969</td></tr>",
        _table("Lille|1968", "Dortmund|1969"),
    ),
    "Excel: hidden rows and columns": (
        _EXCEL
        % "<col width=64><col width=0 style='display:none;mso-width-source:userset'><col width=64><tr height=20><td"
        " class=xl65>City</td><td class=xl65>Cost</td><td class=xl65>Since</td></tr><tr height=0 style='display:none'><td>Siegen"
        "</td><td>£1</td><td>1966</td></tr><tr><td>Lille</td><td class=xl66>£2</td><td>1968</td></tr>",
        _table("Lille|1968", head="City|Since"),
    ),
}
