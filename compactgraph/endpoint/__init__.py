"""The SPARQL endpoint: the store by SPARQL 1.1 Protocol over HTTP, for other people's tools.

Only this folder imports Starlette and uvicorn. ``protocol`` reads a request, ``negotiation`` chooses the
format, ``asking`` has the query answered, ``description`` says what there is to ask, ``resources``
answers for each IRI, and ``guard`` stands before them all. It reads only, and reaches no other host.
"""
