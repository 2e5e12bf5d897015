"""The SPARQL endpoint: the store by SPARQL 1.1 Protocol over HTTP, for other people's tools.

Only this folder imports Starlette and uvicorn. ``protocol`` reads a request and answers its query,
``negotiation`` chooses the format, ``description`` says what there is to ask, ``resources`` answers for
each IRI, and ``middleware`` stands before them all. The endpoint reads only, and reaches no other host.
"""
