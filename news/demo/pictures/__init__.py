"""The pictures of the demonstration, drawn when they are loaded: nobody's photographs, so free for everybody's use."""

from functools import cache

from news.demo.pictures import brno, dortmund, durban, hangzhou, leeds, lille

DRAWN = {
    "brno-petrov-and-spilberk": brno.draw,
    "dortmund-u-tower": dortmund.draw,
    "durban-stadium-and-harbour": durban.draw,
    "hangzhou-west-lake": hangzhou.draw,
    "leeds-and-dortmund-shake-hands": leeds.draw_line,
    "leeds-town-hall": leeds.draw,
    "lille-grand-place": lille.draw,
}


@cache
def drawing(name: str) -> bytes:
    """One of the pictures by its name, as a PNG file."""
    return DRAWN[name]()
