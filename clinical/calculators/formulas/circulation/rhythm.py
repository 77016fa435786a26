"""The QT interval for a heart rate, and pressure and pulse of the circulation."""

import math

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Source
from clinical.calculators.errors import NotApplicable
from clinical.calculators.inputs import DiastolicMmHg, HeartRatePerMin, QtIntervalMs, SystolicMmHg
from clinical.calculators.steps import more_than

# Source: Drew et al. (AHA/ACCF), Circulation 2010; 121: 1047-1060.
QTC_BANDS = ((500, "markedly prolonged: torsades de pointes is likelier"),)
QTC_NOTE = (
    "Prolonged from 450 ms in men and 460 ms in women (AHA/ACCF/HRS 2009). With an irregular rhythm take the mean "
    "of several beats; a wide QRS lengthens the QT by itself."
)


@calculator(
    "QTc (Bazett)",
    Source(
        text="Bazett, Heart 1920; 7: 353-370 (reprinted: Ann Noninvasive Electrocardiol 1997; 2: 177-194)",
        doi="10.1111/j.1542-474X.1997.tb00325.x",
    ),
    unit="ms",
    bands=QTC_BANDS,
    note=f"Too long at a fast heart rate, too short at a slow one. {QTC_NOTE}",
)
def qtc_bazett(*, qt_interval_ms: QtIntervalMs, heart_rate_per_min: HeartRatePerMin) -> float:
    """Return the QT at 60 beats per minute by a square root, ms."""
    return qt_interval_ms / math.sqrt(_seconds_between_beats(heart_rate_per_min))


@calculator(
    "QTc (Fridericia)",
    Source(
        text="Fridericia, Acta Med Scand 1920; 53: 469-486",
        doi="10.1111/j.0954-6820.1920.tb18266.x",
    ),
    unit="ms",
    bands=QTC_BANDS,
    note=QTC_NOTE,
)
def qtc_fridericia(*, qt_interval_ms: QtIntervalMs, heart_rate_per_min: HeartRatePerMin) -> float:
    """Return the QT at 60 beats per minute by a cube root, ms."""
    return qt_interval_ms / math.cbrt(_seconds_between_beats(heart_rate_per_min))


@calculator(
    "QTc (Framingham)",
    Source(text="Sagie et al., Am J Cardiol 1992; 70: 797-801", doi="10.1016/0002-9149(92)90562-D"),
    unit="ms",
    bands=QTC_BANDS,
    note=QTC_NOTE,
)
def qtc_framingham(*, qt_interval_ms: QtIntervalMs, heart_rate_per_min: HeartRatePerMin) -> float:
    """Return the QT at 60 beats per minute by a line over the time between beats, ms."""
    return qt_interval_ms + 154 * (1 - _seconds_between_beats(heart_rate_per_min))


@calculator(
    "QTc (Hodges)",
    Source(
        text="Hodges, Salerno and Erlien, J Am Coll Cardiol 1983; 1: 694; as in Vandenberk et al., J Am Heart Assoc "
        "2016; 5: e003264",
        doi="10.1161/JAHA.116.003264",
    ),
    unit="ms",
    bands=QTC_BANDS,
    note=QTC_NOTE,
)
def qtc_hodges(*, qt_interval_ms: QtIntervalMs, heart_rate_per_min: HeartRatePerMin) -> float:
    """Return the QT at 60 beats per minute by a line over the heart rate, ms."""
    return qt_interval_ms + 1.75 * (heart_rate_per_min - 60)


@calculator(
    "QTc (Rautaharju)",
    Source(
        text="Rautaharju, Mason and Akiyama, Int J Cardiol 2014; 174: 535-540",
        doi="10.1016/j.ijcard.2014.04.133",
    ),
    unit="ms",
    bands=QTC_BANDS,
    note=QTC_NOTE,
)
def qtc_rautaharju(*, qt_interval_ms: QtIntervalMs, heart_rate_per_min: HeartRatePerMin) -> float:
    """Return the QT at 60 beats per minute by a hyperbola, ms."""
    return qt_interval_ms * (120 + heart_rate_per_min) / 180


def _seconds_between_beats(heart_rate_per_min: float) -> float:
    return 60 / heart_rate_per_min


@calculator(
    "Mean arterial pressure",
    Source(text="Sesso et al., Hypertension 2000; 36: 801-807", doi="10.1161/01.HYP.36.5.801"),
    unit="mm[Hg]",
    decimals=1,
    note="An estimate from a cuff, for a usual heart rate; an arterial line measures it.",
)
def mean_arterial_pressure(*, systolic_mmhg: SystolicMmHg, diastolic_mmhg: DiastolicMmHg) -> float:
    """Return the diastolic pressure and a third of the pulse pressure, mmHg. Raises: NotApplicable."""
    if diastolic_mmhg > systolic_mmhg:
        raise NotApplicable("The diastolic pressure is above the systolic: check that they are not exchanged")
    return (systolic_mmhg + 2 * diastolic_mmhg) / 3


@calculator(
    "Shock index",
    Source(
        text="Allgöwer and Burri, Dtsch Med Wochenschr 1967; 92: 1947-1950",
        doi="10.1055/s-0028-1106070",
    ),
    unit="1",
    decimals=2,
    # Source: Rady et al., Ann Emerg Med 1994; 24: 685-690.
    bands=((more_than(0.9), "raised: above 0.9 more had an illness that needed immediate care"),),
    note="In a healthy adult 0.5 to 0.7. Not for children. Beta-blockers and pacemakers hold it down.",
)
def shock_index(*, heart_rate_per_min: HeartRatePerMin, systolic_mmhg: SystolicMmHg) -> float:
    """Return the heart rate over the systolic pressure."""
    return heart_rate_per_min / systolic_mmhg
