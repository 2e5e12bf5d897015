"""The word lists from which reviews are made up; no line of them is from a real agreement."""

from __future__ import annotations

PLACE_HEADS = (
    "Aldrin", "Brask", "Corvel", "Durren", "Eskel", "Fennor", "Gorlan", "Hestle", "Ivrin", "Jorvel",
    "Kelmar", "Lorrin", "Marro", "Nethel", "Orsel", "Pellan", "Querrin", "Rathel", "Sorrel", "Tolver",
)  # fmt: skip
PLACE_MIDDLES = ("", "ing", "er", "en", "low", "ster", "by", "ney")
PLACE_TAILS = (
    "bury", "combe", "dene", "ford", "gate", "ham", "mere", "stow", "thorpe", "wick", "worth", "holme",
)  # fmt: skip
PLACE_SIDES = ("", "Upper ", "Nether ", "Great ", "Little ")

PARTY_HEADINGS = (
    ("Joint commitments", "Council commitments", "Community sector commitments"),
    ("What all partners promise", "What public bodies promise", "What the sector promises"),
    ("Promises made together", "Promises of the statutory partners", "Promises of local groups"),
    ("Undertakings of both sides", "Undertakings of the council", "Undertakings of the sector"),
)

THEME_TITLES = (
    "Paying for services fairly", "Planning ahead together", "Hearing every voice",
    "Opening doors to volunteers", "Handing over assets", "Sharing data with care",
    "Looking after small groups", "Working across boundaries", "Learning from what goes wrong",
    "Ending services decently", "Putting rural areas first", "Making fewer forms",
)  # fmt: skip

VERBS = (
    "Agree", "Announce", "Arrange", "Bring forward", "Check", "Circulate", "Compare", "Cost",
    "Describe", "Discuss", "Draw up", "Explain", "Exchange", "Fund", "Gather", "Host", "Improve",
    "Look again at", "Map", "Measure", "Offer", "Open up", "Pay for", "Pilot", "Plan", "Prepare",
    "Present", "Protect", "Publish", "Record", "Reduce", "Report on", "Respect", "Set out", "Share",
    "Shorten", "Simplify", "Test", "Translate", "Weigh",
)  # fmt: skip
OBJECT_HEADS = (
    "the timetable of", "a plain summary of", "the full cost of", "the results of", "the rules of",
    "early notice of", "the risks of", "a yearly account of", "the criteria for", "the paperwork of",
    "the evidence behind", "a calendar of", "feedback on", "the terms of", "a register of",
    "the lessons of", "the aims of", "the budget for", "the staffing of", "a shared picture of",
)  # fmt: skip
OBJECT_TAILS = (
    "each grant round", "transport schemes", "carers' services", "youth projects",
    "neighbourhood forums", "leases of public buildings", "training for trustees", "food banks",
    "advice services", "sports grounds", "digital skills courses", "winter shelters",
    "tenant groups", "community transport", "faith networks", "school holidays clubs",
    "arts festivals", "allotments and parks", "refuges", "mental health drop-ins",
    "credit unions", "village halls", "befriending schemes", "disability forums",
    "job clubs", "library volunteers", "hospital discharge", "flood wardens",
    "bereavement support", "repair workshops", "translation services", "toddler groups",
    "debt counselling", "street pastors", "home visits", "supported housing",
    "probation partnerships", "harbour festivals", "market stalls", "wildlife trusts",
)  # fmt: skip
MANNERS = (
    "at least twice a year", "before any budget is drawn up", "in words that residents use",
    "within thirty working days", "through a single point of contact", "by phone as well as online",
    "at a venue without steps", "with an interpreter where one is wanted",
    "on one page", "from the first draft onwards", "in the local press", "without a second application",
    "in step with the election cycle", "under a written protocol", "on the same terms for all bidders",
    "alongside parish councils", "with the people who depend on them",
    "in proportion to the sums at stake",
    "at no charge", "outside office hours", "by the end of each quarter", "with a named officer",
    "through the existing networks", "after a site visit", "as soon as figures are known",
    "in both directions", "by a show of hands", "with reasons given in writing",
    "at three levels of detail", "ahead of every renewal", "under an open licence",
    "on the advice of treasurers", "in large print", "with help from retired staff",
)  # fmt: skip
PURPOSES = (
    "so that a group of three can still take part", "so that nobody is asked the same thing twice",
    "which lets boards plan beyond one winter", "so that money reaches the street it was meant for",
    "because reserves are thin in most charities", "so that newcomers know whom to ask",
    "which keeps the burden on treasurers low", "so that mistakes are found while they are cheap",
    "because trust grows where figures are open", "so that languages are no barrier",
    "which makes room for ideas from outside", "so that each partner can say no in good time",
    "because rural bus times leave few choices", "so that staff can be kept on",
    "which spares both sides a dispute", "so that young people are heard first",
    "because premises are the hardest thing to find", "so that success can be repeated elsewhere",
    "which shows funders what was achieved", "so that disabled members travel once and not twice",
    "because good neighbours notice trouble early", "so that evidence outlives the project",
)  # fmt: skip
EXAMPLES = (
    "by post or by courier", "a hall, a yard or a kitchen", "rent, heating and insurance",
    "a leaflet, a film or a drawing", "spring and autumn", "bus fares and meals",
    "a trial year", "parents, teachers and coaches", "payroll and pensions", "two evenings a month",
)  # fmt: skip

TOPICS = (
    "small rural groups", "faster payment", "clear deadlines", "peer mentoring", "joint training",
    "plain contracts", "digital access", "shared premises", "climate targets", "young trustees",
    "subcontracting chains", "open budgets", "equal access", "staff well-being", "early warning",
    "neighbouring districts", "social enterprises", "evening meetings", "honest scoring",
    "volunteer safety", "measured outcomes", "informal networks", "longer leases", "mutual respect",
    "winter pressures", "community ownership", "travel costs", "shorter forms", "local suppliers",
    "lived experience",
)  # fmt: skip
ADJECTIVES = (
    "shorter", "bolder", "simpler", "warmer", "clearer", "braver", "more even-handed", "easier to use",
)  # fmt: skip
PRACTICES = (
    "grant panels", "the yearly audit", "framework contracts", "open-book accounting",
    "the council's forward plan", "service reviews", "safeguarding checks", "procurement training",
)  # fmt: skip
ACTORS = (
    "the steering group", "a scrutiny panel", "the area boards", "both finance teams",
    "an independent chair", "the parish clerks",
)  # fmt: skip

COMMENTS = (
    "Practice differs between departments, and nobody keeps count.",
    "Several groups told the panel that they have never seen this happen.",
    "This took up most of an evening, without a clear result.",
    "Officers say that it is done; groups say that it depends on the officer.",
    "The wording dates from a time when grants were larger.",
    "Two districts have tried it and would do so again.",
    "The panel was split, four to three.",
    "Little is written down, which makes the point hard to check.",
    "New legal forms of enterprise have changed the picture.",
    "Larger charities manage well; those without staff do not.",
    "Funding has fallen by a third since these words were agreed.",
    "The point matters most where a contract changes hands.",
)

IDEALS = (
    "That each partner says early what it cannot do.",
    "That small groups count for as much as large ones.",
    "That money given for a purpose is spent on that purpose.",
    "That disagreement is voiced in the room where it arises.",
    "That residents come before organisations.",
    "That what is learnt by one is passed on to all.",
    "That time given freely is treated as a gift.",
    "That independence is respected, above all where it hurts.",
    "That differences of language, belief and income are met with patience.",
    "That decisions are explained to those who live with them.",
)
