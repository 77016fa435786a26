"""Words of a question that say nothing of its topic."""

_STOP_WORDS = """
a about after against all also am an and any are as at be because been before being between both but by
can could did do does doing done during each either for from further get gets getting give given gives go
had has have having he her here him his how i if in into is it its just keep make may me might more most
much must my no nor not of off on once one only or other our out over own per put same shall she should so
some soon such take taken takes taking than that the their them then there these they this those through
to too under until up us versus very via vs was we were what whats when where whether which while who whom
whose why will with within without would you your
"""

# Clinical words that stand in questions on every topic; a source is not relevant for holding them.
_GENERIC_WORDS = """
administer administered admitted adult adults advice advise affect affected approach appropriate available
avoid begin beneficial benefit best better case cases change choice choose clinical clinician combine
compare compared concern consider considered continue contraindicated current currently data day days
doctor dosage dose dosing drug effect effective effectiveness efficacy evidence factor fast female first good
guideline guidelines harm help helpful history hospital improve increase indicate indicated indication
initial initiate initiated issue kind know known latest level long lower lowers made male man manage managed
management medication medicine men month months need needed needs new now offer old optimal option options
outcome outcomes patient patients people person possible prefer preferred prescribe prescribed prescribing
presenting problem provide question quick quickly reason receive received receiving recommend recommendation
recommendations recommended reduce reduced reduces regimen result results right risk role safe safely
safety say second show shown start started starting stop stopped stopping studies study suffering suggest
suitable support switch tell term therapeutic therapies therapy think time treat treated treating
treatment treatments try type use used useful using usual value way week weeks woman women work works year
years yo
"""

# Those of them that tell passages of one topic apart: where to begin, how much, when to stop.
_MANNER_WORDS = """
contraindicated continue dosage dose dosing first indicated indication initial initiate initiated regimen second
start started starting stop stopped stopping switch
"""

# Words that entries of a chart share, whatever the disease or drug they name.
_CHART_WORDS = """
active acute capsule chronic class daily disease disorder essential extended finding history hydrochloride
injection left mellitus mild moderate oral permanent persistent primary release right secondary severe
sodium solution stage syndrome tablet unspecified
"""

STOP_WORDS = frozenset(_STOP_WORDS.split())
GENERIC_WORDS = frozenset(_GENERIC_WORDS.split())
MANNER_WORDS = frozenset(_MANNER_WORDS.split())
CHART_WORDS = frozenset(_CHART_WORDS.split())
