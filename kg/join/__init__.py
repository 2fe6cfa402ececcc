"""Letters that belong together although they come from different files: the graph ``{base}links``.

The graph of a source depends on that source alone. What follows from several sources together is therefore in a graph
of its own. It is made anew in one pass from the graphs of all sources and the names of files that could not be read:

    store → letters → links (match, doubles, agencies) → answers, states → quads

=============  ======================================================================
model          the values: letters, quotes, links
letters        the letters of the store
keys           numbers, titles, sessions, names of files in normal form
agree          contradictions: place, body, session, number, title, year
proposals      which nodes are one proposal
match          which proposal a reply is about
doubles        the same text in two sources, with its parts and figures
names          names of agencies with and without their place
agencies       agencies and people that the files of one proposal name with and without their place
answering      which measure in one file answers which suggestion in another
states         of each proposal: whether it has a reply, and if none was found, why
graph          the quads
summary        counts and lists for people
=============  ======================================================================
"""

from kg.join.graph import join_letters
from kg.join.summary import AmbiguousProposal, JoinSummary, summarize_links

__all__ = ["AmbiguousProposal", "JoinSummary", "join_letters", "summarize_links"]
