"""Letters that belong together, whatever files they come in: the graph ``{base}links``.

A source's graph depends on its source alone, so what only several sources say together stands in a graph of its own.
It is made anew from the graphs of the sources (and the names of files that could not be read), in one pass:

    store → letters → joins (match, doubles) → answers, states → quads

=============  ======================================================================
letters        what each source says of its letters, as plain values
keys           numbers, titles, sessions, names of files in normal form
agree          what contradicts: place, body, session, number, title, year
match          which nodes are one proposal; which proposal a reply is about
doubles        the same text twice, with its parts and figures
answering      which measure of one file answers which suggestion of another
states         of each proposal: has it a reply, and if none was found, why
graph          the quads
=============  ======================================================================
"""

from kg.join.graph import join
from kg.join.summary import Ambiguous, Joined, summary

__all__ = ["Ambiguous", "Joined", "join", "summary"]
