"""What a question proposes to give is told from what the patient takes, has stopped or does not bear."""

from time import perf_counter

import pytest

from clinical.safety.proposals import proposed_in

PROPOSED = {
    "Can I give ibuprofen?": ["ibuprofen"],
    "Can I give her ibuprofen for her knee pain?": ["ibuprofen"],
    "Should I start her on apixaban?": ["apixaban"],
    "should I start apixaban in a patient on aspirin and clopidogrel?": ["apixaban"],
    "Is amoxicillin safe?": ["amoxicillin"],
    "Is amoxicillin safe in this patient with penicillin allergy?": ["amoxicillin"],
    "She takes warfarin: can I add ibuprofen?": ["ibuprofen"],
    "He is on sertraline. Would tramadol be safe?": ["tramadol"],
    "Can we switch from warfarin to apixaban?": ["apixaban"],
    "Should we switch her to rivaroxaban?": ["rivaroxaban"],
    "Replace warfarin with apixaban?": ["apixaban"],
    "Would you change lisinopril to losartan because of her cough?": ["losartan"],
    "Stop metformin and start empagliflozin?": ["empagliflozin"],
    "Can clarithromycin be given with simvastatin?": ["clarithromycin"],
    "What about naproxen instead of ibuprofen?": ["naproxen"],
    "How about ibuprofen?": ["ibuprofen"],
    "Can she take ibuprofen?": ["ibuprofen"],
    "May the patient have codeine after tonsillectomy?": ["codeine"],
    "Could this 80-year-old man on warfarin have diclofenac?": ["diclofenac"],
    "I want to prescribe nitrofurantoin for a UTI.": ["nitrofurantoin"],
    "Planning to add spironolactone to ramipril, potassium is 5.2.": ["spironolactone"],
    "Is it safe to use metoclopramide in Parkinson disease?": ["metoclopramide"],
    "Should I increase her metoprolol?": ["metoprolol"],
    "Is there any reason not to start apixaban?": ["apixaban"],
    "Why not give ceftriaxone?": ["ceftriaxone"],
    "Shouldn't we start atorvastatin after her stroke?": ["atorvastatin"],
    "ibuprofen 400 mg tds ok?": ["ibuprofen"],
    "What dose of gentamicin should I give?": ["gentamicin"],
    "How much enoxaparin does he need with an eGFR of 20?": ["enoxaparin"],
    "Is she a candidate for semaglutide?": ["semaglutide"],
    "Should he be started on amiodarone?": ["amiodarone"],
    "Can I give ibuprofen or naproxen to someone on lithium?": ["ibuprofen", "naproxen"],
    "Which is safer with warfarin: paracetamol or ibuprofen?": [],
    "Which is safer in CKD, paracetamol or ibuprofen?": ["paracetamol", "ibuprofen"],
    "Can I restart metformin now that her AKI has resolved?": ["metformin"],
    "Would sumatriptan be contraindicated after his heart attack?": ["sumatriptan"],
    "Treat her with co-amoxiclav?": ["co-amoxiclav"],
    "Is starting fluoxetine reasonable while on phenelzine?": ["fluoxetine"],
    "Can he be switched to dabigatran?": ["dabigatran"],
    "Does she need a statin?": ["statin"],
    "Should I give topical diclofenac?": ["diclofenac"],
    "Consider adding sitagliptin to her metformin?": ["sitagliptin"],
    "Any objection to ibuprofen? I would use 200 mg ibuprofen.": ["ibuprofen"],
    "Is it OK to combine clopidogrel and omeprazole?": ["clopidogrel", "omeprazole"],
    "78F, AF, eGFR 31, on warfarin with labile INR. Apixaban instead?": ["apixaban"],
    "Given her peptic ulcer, is naproxen a reasonable option?": ["naproxen"],
    "Can I add an NSAID to her lisinopril and furosemide?": ["nsaid"],
    "Thinking of starting lithium in a man who takes hydrochlorothiazide.": ["lithium"],
    "Is it okay for her to take St John's wort with the pill?": ["st john's wort"],
    "Would you prescribe prednisolone, azithromycin or both?": ["prednisolone", "azithromycin"],
    "Should I bridge with enoxaparin?": ["enoxaparin"],
    "Can we treat his pain with tramadol?": ["tramadol"],
    "Would apixaban be a better choice than warfarin?": ["apixaban"],
    "Which anticoagulant would you pick, apixaban or rivaroxaban?": ["apixaban", "rivaroxaban"],
    "Apixaban or warfarin for AF with eGFR 31?": ["apixaban", "warfarin"],
    "Does this patient have a contraindication to nitrofurantoin?": ["nitrofurantoin"],
    "Is it ok if she takes ibuprofen with her lisinopril?": ["ibuprofen"],
    "patient wants viagra, takes isosorbide mononitrate": ["viagra"],
    "Is oxycodone preferred over morphine in renal failure?": ["oxycodone"],
    "Can warfarin and ibuprofen be taken together?": ["warfarin", "ibuprofen"],
    "Thinking about gabapentin for neuropathic pain": ["gabapentin"],
    "Plan: nitrofurantoin 100 mg bd 5 days. ok?": ["nitrofurantoin"],
    "Nitrofurantoin?": ["nitrofurantoin"],
    # Mentioned only
    "Does she still need aspirin?": [],
    "Metformin: when to stop?": [],
    "Digoxin level?": [],
    "Would you increase or stop her ramipril?": [],
    "Could amiodarone explain her thyroid tests?": [],
    "Does ibuprofen raise blood pressure?": [],
    "Can she stay on sertraline in pregnancy?": [],
    "Her mother had a reaction to amoxicillin. Does that matter?": [],
    "What should I check in a patient who takes amiodarone?": [],
    "Could her cough come from ramipril?": [],
    "Is the rash due to lamotrigine?": [],
    "Can I give her something other than ibuprofen?": [],
    "Which antihypertensives are safe in pregnancy?": [],
    "He refuses to take warfarin.": [],
    "She takes warfarin: what is her bleeding risk?": [],
    "He is on metformin with an eGFR of 25.": [],
    "Should I stop metformin?": [],
    "Can I stop the aspirin?": [],
    "Is it safe to stop warfarin before surgery?": [],
    "When should we hold apixaban before a colonoscopy?": [],
    "Should metformin be stopped before contrast?": [],
    "She was started on amiodarone last week and feels dizzy.": [],
    "He was given ceftriaxone yesterday, what next?": [],
    "We gave vancomycin for 7 days; is that enough?": [],
    "She is allergic to penicillin. What can I do for her pneumonia?": [],
    "Do not give ibuprofen.": [],
    "I won't start apixaban, what else lowers stroke risk?": [],
    "Don’t give ibuprofen.": [],
    "We decided not to prescribe codeine.": [],
    "Is metformin still safe with an eGFR of 28?": [],
    "Can I continue lisinopril in pregnancy?": [],
    "Does her INR rise because of amiodarone?": [],
    "How do I taper prednisone?": [],
    "Should I reduce her digoxin?": [],
    "What is the mechanism of the interaction between clarithromycin and simvastatin?": [],
    "Her potassium is 5.9 on spironolactone. What should I do?": [],
    "Is she at risk of a bleed?": [],
    "": [],
}


@pytest.mark.parametrize("question", PROPOSED)
def test_what_a_question_proposes_is_told_from_what_it_mentions(question):
    assert [order.name.lower() for order in proposed_in(question)] == PROPOSED[question]


def test_there_are_enough_phrasings():
    assert len(PROPOSED) > 60


def test_a_medicine_is_proposed_once_with_its_strength():
    (order,) = proposed_in("Can I start rivaroxaban 20 mg? Is rivaroxaban safe?")
    assert order.words.startswith("rivaroxaban 20 mg")


def test_the_route_stays_with_the_name():
    (order,) = proposed_in("Can I give topical diclofenac, she is on warfarin?")
    assert order.words.startswith("topical diclofenac")


def test_a_long_text_is_read_in_no_time():
    begun = perf_counter()
    for text in ("ibuprofen " * 5000, "can i give " * 5000 + "ibuprofen", "not " * 5000 + "-a" * 5000):
        proposed_in(text)
    assert perf_counter() - begun < 5
