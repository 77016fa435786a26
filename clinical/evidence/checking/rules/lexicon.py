"""Words that say which way something went, that it did not, or that nobody knows: data, not rules."""

UP = frozenset(
    """
    increase increases increased increasing rise rises rose risen rising raise raises raised raising elevate elevates
    elevated elevating elevation elevations higher highest greater greatest more most enhance enhances enhanced enhancing
    enhancement augment augments augmented augmentation upregulate upregulates upregulated upregulating upregulation boost boosts
    boosted accelerate accelerates accelerated accelerating acceleration promote promotes promoted promoting stimulate
    stimulates stimulated stimulation induce induces induced inducing activate activates activated activating
    activation larger longer prolong prolongs prolonged prolonging prolongation stronger gain gains gained amplify
    amplifies amplified amplification excess exceed exceeds exceeded faster potentiate potentiates potentiated heighten
    heightened encourage encourages encouraged foster fosters fostered facilitate facilitates facilitated lengthen lengthens lengthened maximise maximize escalate escalates trigger triggers triggered
    """.split()
)
DOWN = frozenset(
    """
    decrease decreases decreased decreasing reduce reduces reduced reducing reduction reductions lower lowers lowered
    lowering lowest fewer fewest less least decline declines declined declining fell fallen dropped diminish diminishes
    diminished diminishing diminishment attenuate attenuates attenuated attenuating attenuation loss losses lose loses
    downregulate downregulates downregulated downregulating downregulation suppress suppresses suppressed suppressing suppression
    inhibit inhibits inhibited inhibiting inhibition block blocks blocked blocking shorten shortens shortened shortening
    shorter weaker weaken weakens weakened smaller prevent prevents prevented preventing prevention protect protects
    protected protecting protective protection slow slows slowed slower slowing delay delays delayed delaying minimise
    minimize minimizes minimises abolish abolishes abolished abrogate abrogates abrogated deplete depletes depleted
    depletion blunt blunts blunted halt halts halted cut cuts repress represses repressed repression counteract
    counteracts counteracted eliminate eliminates eliminated avert averts averted dampen dampens
    """.split()
)
BETTER = frozenset(
    """
    improve improves improved improving improvement improvements better best ameliorate ameliorates ameliorated
    amelioration alleviation alleviate alleviates alleviated alleviating benefit benefits benefited beneficial superior superiority favourable
    favorable relieve relieves relieved restore restores restored
    """.split()
)
WORSE = frozenset(
    """
    worsen worsens worsened worsening worse worst deteriorate deteriorates deteriorated deterioration aggravate
    aggravates aggravated exacerbate exacerbates exacerbated impair impairs impaired impairing impairment poorer
    inferior inferiority harm harms harmful detrimental unfavourable unfavorable
    """.split()
)
# That there is a relation or an effect, whichever way.
SOME = frozenset(
    """
    associated association associations correlate correlates correlated correlation correlations linked related
    impact impacts impacted affect affects affected affecting influence influences influenced alter alters altered altering effect effects
    change changes changed differ differs differed difference differences different predict predicts predicted
    predictive predictor predictors cause causes caused contribute contributes contributed involved
    """.split()
)
# That there is none: no cue of negation is needed.
NONE = frozenset(
    """
    similar similarly comparable unchanged unaffected unaltered equivalent unrelated same identical nonsignificant
    insignificant indistinguishable unassociated equally
    """.split()
)
OPPOSITE_WORDS = ((UP, DOWN), (BETTER, WORSE))

# Pairs of words that say one thing.
PHRASES = (
    ("up-regul", "upregul"),
    ("down-regul", "downregul"),
    ("more effective", "better"),
    ("more efficacious", "better"),
    ("less effective", "worse"),
    ("less efficacious", "worse"),
    ("no better", "not better"),
    ("positively correlat", "increased correlat"),
    ("positively associat", "increased associat"),
    ("positive correlation", "increase"),
    ("positive association", "increase"),
    ("negatively correlat", "reduced correlat"),
    ("negatively associat", "reduced associat"),
    ("inversely correlat", "reduced correlat"),
    ("inversely associat", "reduced associat"),
    ("inversely related", "reduced related"),
    ("negative correlation", "reduction"),
    ("negative association", "reduction"),
    ("inverse correlation", "reduction"),
    ("inverse association", "reduction"),
    ("inverse relation", "reduction"),
)

# A reduction that is prevented did not happen: these turn a following noun of direction around.
UNDOING = frozenset(
    """
    prevent prevents prevented preventing prevention protect protects protected attenuate attenuates attenuated inhibit
    inhibits inhibited block blocks blocked blocking abolish abolishes abolished abrogate abrogates abrogated blunt
    blunts blunted counteract counteracts counteracted suppress suppresses suppressed suppressing reduce reduces
    reduced reducing reverse reverses reversed slow slows slowed delay delays delayed less fewer lower smaller
    decreased decreases ameliorate ameliorates halt halts halted minimise minimize
    """.split()
)
NOUNS_OF_DIRECTION = frozenset(
    """
    increase increases rise rises elevation elevations gain gains decrease decreases reduction reductions decline
    declines loss losses inhibition suppression activation stimulation enhancement upregulation downregulation
    depletion prolongation acceleration attenuation improvement improvements deterioration worsening impairment
    """.split()
)

COMPARATIVES = frozenset(
    "greater higher larger more stronger less lower smaller fewer weaker slower faster".split()
)

NEGATIONS = frozenset(
    """
    not no never without neither nor none nobody nothing cannot lack lacks lacked lacking fail fails failed failure
    failing unable absence absent hardly scarcely non unlikely deny denied denies negative
    """.split()
)
# With these, a cue denies nothing of what follows.
NOT_DENYING = ("not only", "not just", "not merely", "no longer than", "no later than", "not yet", "no doubt", "whether or not",
               "heart failure", "renal failure", "kidney failure", "liver failure", "respiratory failure", "organ failure",
               "treatment failure", "hepatic failure", "non small", "non hodgkin", "non insulin", "non steroidal", "non alcoholic",
               "non coding", "non human", "non invasive")  # fmt: skip
# Words before which a clause ends: what is denied before them is not denied after.
CLAUSE_ENDS = frozenset(
    "but however although though whereas while despite unless except nevertheless yet which who whose".split()
)

# Mortality that falls is survival that rises.
OPPOSITE_OUTCOMES = (
    (
        "survival survive survived surviving alive",
        "mortality death deaths die died dying fatality fatal lethality",
    ),
    ("sensitivity sensitive susceptibility susceptible", "resistance resistant"),
    ("adherence adherent compliance", "nonadherence discontinuation dropout withdrawal"),
    ("remission", "relapse recurrence"),
)

# Either side of a bar stands against the other: in the same place of a sentence, one denies the other.
OPPOSITES = tuple(
    tuple(side.split() for side in pair.split("|"))
    for pair in (
        "high | low",
        "positive positively | negative negatively",
        "presence present | absence absent",
        "sufficient adequate | insufficient inadequate",
        "effective efficacious | ineffective",
        "safe | unsafe dangerous",
        "necessary required essential | unnecessary dispensable",
        "early earlier | late later",
        "many most common frequent | few rare uncommon infrequent",
        "acute | chronic",
        "short shorter | long longer",
        "overexpression overexpressing | silencing knockdown deletion knockout deficiency deficient depletion",
        "enhance enhances enhanced enhancing promote promotes promoted facilitate facilitates facilitated"
        " | impair impairs impaired impairing hinder hinders hindered",
        "gain gains | loss losses",
        "dependent | independent",
        "overestimate overestimates overestimated | underestimate underestimates underestimated",
        "sensitive sensitivity | resistant resistance insensitive insensitivity",
        "agonist agonists | antagonist antagonists",
        "activator activators | inhibitor inhibitors",
        "activation | inhibition",
        "activate activates activated activating activation | deactivate deactivates deactivated deactivation"
        " inactivate inactivates inactivated inactivation",
        "suppressor suppressors | enhancer enhancers",
        "beneficial | harmful detrimental",
        "strong strongly | weak weakly",
        "large larger | small smaller",
        "superior | inferior",
        "before | after",
        "with | without",
        "same similar | different",
        "recommended | discouraged",
        "indicated | contraindicated",
        "hypertension | hypotension",
        "hyperglycemia hyperglycaemia | hypoglycemia hypoglycaemia",
        "hyperkalemia hyperkalaemia | hypokalemia hypokalaemia",
        "hypernatremia hypernatraemia | hyponatremia hyponatraemia",
        "tachycardia | bradycardia",
        "systolic | diastolic",
    )
)

MAY = frozenset("may might could possibly perhaps possible probably presumably conceivably".split())
SEEMS = frozenset(
    "suggest suggests suggested suggesting appear appears appeared seem seems seemed likely indicate".split()
)
CAUSAL = frozenset("cause causes caused causing causal causally lead leads led due".split())
ASSOCIATIVE = frozenset(
    "associated association associations correlate correlates correlated correlation linked".split()
)
EXPERIMENTAL = frozenset(
    "randomised randomized randomly trial trials placebo mice mouse rats knockout cells".split()
)
