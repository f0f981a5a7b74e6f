"""What every web page needs: headers and compression, logs, mails, owed tasks, sitemaps, style sheets."""
