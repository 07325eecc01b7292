"""The first versions of the legal grounds: what may cross between police and social services.

Sources as read by January 2026. Where the law leaves a doubt – may OSL 10:15 a carry a crime that
has been committed out of social services, when 10:23 says "endast om"? – the row says so and asks
for a legal review. From, to, subject and initiative that no row names is let through by none.
"""

from datetime import date

from django.db import migrations

SFS = "https://www.riksdagen.se/sv/dokument-och-lagar/dokument/svensk-forfattningssamling/sfs-"
LUL, OSL, SOL, L170 = SFS + "1964-167", SFS + "2009-400", SFS + "2025-400", SFS + "2025-170"
P, S = "police", "social"
OWN, REQUEST = "own", "request"
EITHER = (OWN, REQUEST)
OSL_BEGAN, LUL_READ = date(2009, 6, 30), date(2023, 1, 1)
SOL_BEGAN, APRIL = date(2025, 7, 1), date(2025, 4, 1)
DECEMBER = date(2025, 12, 1)
BORDERS = ((P, S), (S, P), (S, S))
COMMITTED = ("crime_sale_gross", "crime_transfer_u18", "crime_minor", "crime_against_child")
OFFICERS = ["community_officer", "investigator", "investigation_leader", "supervisor"]
SOCIAL_STAFF = ["social_worker", "outreach_worker", "supervisor"]
WORKER_OR_HEAD = ["social_worker", "supervisor"]
# OSL 18:1 protects the investigation, not the person: no ground here lifts it (10:15 a says so).
HARM = {"asks": ["harm_to_investigation"]}


def ways(start, end, subjects, initiatives, **more):
    """One way for each subject and initiative."""
    return [
        {"from": start, "to": end, "subject": subject, "initiative": whose, **more}
        for subject in ([subjects] if isinstance(subjects, str) else subjects)
        for whose in ([initiatives] if isinstance(initiatives, str) else initiatives)
    ]


ROWS = [
    # --- duties: nobody weighs them ---------------------------------------------------------------
    {
        "code": "LUL6", "valid_from": LUL_READ, "source_url": LUL, "verified": "verified",
        "name": "Underrättelse till socialnämnden, under 18 år",
        "source": "LUL (1964:167) 6 §, OSL (2009:400) 10 kap. 28 §",
        "duty": True, "decides": ["investigator", "investigation_leader"],
        "drafter_may_decide": True, "questions": ["mediation"],
        "ways": ways(P, S, "suspicion_u18", OWN),
        "note": "Genast, när någon under 18 år är skäligen misstänkt för brott med fängelse i skalan. Uppgift om "
                "medling ska vara med. Hur mottagaren registrerar underrättelsen är inte klarlagt.",
    },
    {
        "code": "LUL34", "valid_from": LUL_READ, "source_url": LUL, "verified": "verified",
        "name": "Underrättelse till socialnämnden, under 15 år",
        "source": "LUL (1964:167) 34 §, OSL (2009:400) 10 kap. 28 §",
        "duty": True, "decides": ["investigation_leader"], "drafter_may_decide": True,
        "questions": ["inquiry", "deed_on"], "ways": ways(P, S, "suspicion_u15", OWN),
        "note": "Omedelbart, när någon som inte fyllt 15 år kan misstänkas för brott med fängelse i skalan, och när "
                "en utredning enligt 31 § inleds.",
    },
    {
        "code": "LUL36B", "valid_from": LUL_READ, "source_url": LUL, "verified": "verified",
        "name": "Resultat av drogtest, under 15 år",
        "source": "LUL (1964:167) 36 b §, OSL (2009:400) 10 kap. 28 §",
        "duty": True, "decides": ["investigation_leader"], "drafter_may_decide": True,
        "questions": ["deed_on", "prosecutor_decided", "test_result"], "ways": ways(P, S, "drug_test_u15", OWN),
        "note": "Åklagaren beslutar om testet; resultatet lämnas omedelbart.",
    },
    {
        "code": "LUL37", "valid_from": LUL_READ, "source_url": LUL, "verified": "verified",
        "name": "Protokoll över utredning, under 15 år",
        "source": "LUL (1964:167) 37 §, OSL (2009:400) 10 kap. 28 §",
        "duty": True, "decides": ["investigation_leader"], "drafter_may_decide": True,
        "questions": ["deed_on", "protocol_on"], "ways": ways(P, S, "inquiry_protocol", OWN),
        "note": "Så snart som möjligt efter utredning enligt 31 §.",
    },
    {
        "code": "SOL19_1", "valid_from": SOL_BEGAN, "source_url": SOL, "verified": "verified",
        "name": "Orosanmälan",
        "source": "SoL (2025:400) 19 kap. 1 §, OSL (2009:400) 10 kap. 28 §",
        "duty": True, "decides": OFFICERS, "drafter_may_decide": True,
        "questions": ["child_assessment"], "ways": ways(P, S, "worry", OWN),
        "note": "Genast, om ett barn. Aldrig på rutin: varje barn bedöms för sig (JO 682-2014).",
    },
    {
        "code": "SOL20_6", "valid_from": SOL_BEGAN, "source_url": SOL, "verified": "verified",
        "name": "Uppgifter till en inledd utredning",
        "source": "SoL (2025:400) 20 kap. 6 §, OSL (2009:400) 10 kap. 28 §, 18 kap. 1 §",
        "duty": True, "decides": ["investigator", "investigation_leader"],
        "drafter_may_decide": True,
        "questions": ["investigation_opened", "harm_to_investigation"],
        "ways": ways(P, S, "answer", REQUEST),
        "note": "Först när socialtjänsten har inlett utredning, inte under förhandsbedömningen. Pågår en "
                "förundersökning bedömer dess ledare om utredningen skadas.",
    },
    {
        "code": "LUL11", "valid_from": LUL_READ, "source_url": LUL, "verified": "verified",
        "name": "Yttrande",
        "source": "LUL (1964:167) 11 §, OSL (2009:400) 10 kap. 28 §",
        "duty": True, "decides": WORKER_OR_HEAD, "drafter_may_decide": True,
        "questions": ["statement_asked_on", "statement_sent_on"],
        "ways": ways(S, P, "statement", REQUEST),
        "note": "Yttrandet skrivs i myndighetens eget system; här går bara datumen över. Vem som beslutar följer av "
                "delegationsordningen.",
    },
    # --- social services to the police ----------------------------------------------------------------
    {
        "code": "OMEDELBART", "valid_from": OSL_BEGAN, "source_url": OSL, "verified": "verified",
        "name": "Omedelbart ingripande",
        "source": "OSL (2009:400) 10 kap. 20 §",
        "decides": SOCIAL_STAFF, "drafter_may_decide": True,
        "questions": ["acute_what", "phoned_at", "phoned_to"], "ways": ways(S, P, "acute", OWN),
        "note": "Någon som kan antas vara under 18 år påträffas i omedelbar allvarlig fara eller på bar gärning. "
                "Det rings; här skrivs det ned efteråt.",
    },
    {
        "code": "BROTT_MOT_BARN", "valid_from": OSL_BEGAN, "source_url": OSL, "verified": "verified",
        "name": "Brott mot barn",
        "source": "OSL (2009:400) 10 kap. 21 §",
        "decides": ["supervisor"], "questions": ["chapter", "grounds_for_suspicion"],
        "ways": ways(S, P, "crime_against_child", EITHER),
        "note": "Brott enligt 3, 4 eller 6 kap. brottsbalken mot den som inte fyllt 18 år.",
    },
    {
        "code": "OVERLAT_U18", "valid_from": OSL_BEGAN, "source_url": OSL, "verified": "verified",
        "name": "Överlåtelse av narkotika till någon under 18 år",
        "source": "OSL (2009:400) 10 kap. 22 §",
        "decides": ["supervisor"], "questions": ["receiver_under_18", "grounds_for_suspicion"],
        "ways": ways(S, P, "crime_transfer_u18", EITHER),
    },
    {
        "code": "BROTT_6M", "valid_from": OSL_BEGAN, "source_url": OSL, "verified": "verified",
        "name": "Brott med minst sex månaders fängelse",
        "source": "OSL (2009:400) 10 kap. 23 §",
        "decides": ["supervisor"], "questions": ["offence", "attempt", "grounds_for_suspicion"],
        "ways": ways(S, P, "crime_sale_gross", EITHER),
        "note": "Försäljning, grovt och synnerligen grovt narkotikabrott. Försök, förberedelse och stämpling bara om "
                "huvudbrottet har minst ett års fängelse. Inte eget bruk, innehav, ringa brott eller överlåtelse "
                "som inte är försäljning.",
    },
    {
        "code": "UNGA21", "valid_from": APRIL, "source_url": OSL, "verified": "verified",
        "name": "Risk för framtida brott, under 21 år",
        "source": "OSL (2009:400) 10 kap. 18 a §",
        "decides": ["supervisor"],
        "questions": ["under_21", "circumstances", "risk", "why_not_unsuitable"],
        "ways": ways(S, P, "future_crime", EITHER),
        "note": "Konkreta omständigheter, och inte olämpligt med hänsyn till insatser. Gäller inte brott som redan har "
                "begåtts. I kraft 1 april 2025 (2025:179).",
    },
    {
        "code": "KONTAKT", "valid_from": APRIL, "source_url": L170, "verified": "verified",
        "name": "Kontaktuppgifter på begäran",
        "source": "Lag (2025:170) 4 §",
        "duty": True, "decides": WORKER_OR_HEAD, "drafter_may_decide": True,
        "questions": ["request_reference", "no_exceptional_reasons"],
        "ways": ways(S, P, "contact", REQUEST),
        "note": "Bara på begäran: adress, telefon, arbetsgivare, användarnamn och liknande. Inte om det finns synnerliga "
                "skäl för sekretess. Tveksamma fall avgör enhetschefen.",
    },
    {
        "code": "ATERKOPPLING", "valid_from": SOL_BEGAN, "source_url": SOL, "verified": "verified",
        "name": "Återkoppling till den som anmälde",
        "source": "SoL (2025:400) 19 kap. 6 §, OSL (2009:400) 26 kap. 9 a §",
        "duty": True, "decides": WORKER_OR_HEAD, "drafter_may_decide": True,
        "questions": ["feedback", "decided_on"], "ways": ways(S, P, "feedback", EITHER),
        "note": "Bara att utredning har inletts, inte inletts eller redan pågår. Ingenting mer.",
    },
    # --- between social services ------------------------------------------------------------------------
    {
        "code": "VARD", "valid_from": OSL_BEGAN, "source_url": OSL, "verified": "verified",
        "name": "Nödvändig vård eller nödvändigt stöd",
        "source": "OSL (2009:400) 26 kap. 9 §",
        "decides": WORKER_OR_HEAD, "questions": ["care_needed", "care_for_whom"],
        "ways": ways(S, S, ("worry", "young_adult"), OWN)
        + ways(S, S, ("answer", "young_adult"), REQUEST),
        "note": "Den enskilde är under 18 år eller har ett pågående beroende.",
    },
    # --- grounds that are weighed -------------------------------------------------------------------------
    {
        "code": "SAMTYCKE", "valid_from": OSL_BEGAN, "source_url": OSL, "verified": "verified",
        "name": "Samtycke",
        "source": "OSL (2009:400) 10 kap. 1 §, 12 kap. 2–3 §§",
        "decides": ["investigator", "investigation_leader", "social_worker", "supervisor"],
        "questions": ["consent_by", "consent_on", "consent_scope", "consent_until"],
        "ways": ways(P, S, ("young_adult", "coordination"), EITHER, **HARM)
        + ways(P, S, "answer", REQUEST, **HARM)
        + ways(S, P, ("future_crime", *COMMITTED, "coordination"), EITHER)
        + ways(S, P, "contact", EITHER)
        + ways(S, S, ("young_adult", "coordination"), EITHER)
        + ways(S, S, "worry", OWN) + ways(S, S, "answer", REQUEST),
        "note": "Informerat, bestämt och möjligt att ta tillbaka; den unge och vårdnadshavare efter ålder och mognad. "
                "Hur samtycke hanteras mellan 15 och 17 år skiljer sig mellan kommuner.",
    },
    {
        "code": "INFO_FLODE", "valid_from": DECEMBER, "source_url": OSL, "verified": "verified",
        "name": "Behövs för att förebygga, upptäcka eller utreda brott",
        "source": "OSL (2009:400) 10 kap. 15 a §",
        "needs_review": True, "decides": ["supervisor"],
        "questions": ["needed_for", "balance", "legal_review"],
        "ways": ways(P, S, "young_adult", EITHER, **HARM)
        + ways(S, P, "future_crime", EITHER)
        + ways(S, P, COMMITTED, EITHER, review=True),
        "note": "Inte om övervägande skäl talar för sekretess. Om begångna brott från socialtjänsten: 10 kap. 23 § säger "
                "”endast om” och nämner inte 15 a §; tills en jurist har avgjort det krävs juridisk bedömning och "
                "enhetschefens beslut. Omfattar inte 18 kap. I kraft 1 december 2025 (2025:934).",
    },
    {
        "code": "GENERAL", "valid_from": OSL_BEGAN, "source_url": OSL, "verified": "verified",
        "name": "Uppenbart att intresset av att lämna ut väger över",
        "source": "OSL (2009:400) 10 kap. 27 §",
        "decides": ["supervisor"], "questions": ["obvious"],
        "ways": ways(P, S, "young_adult", EITHER, **HARM),
        "note": "Gäller inte sekretess enligt 26 kap. 1–6 §§: socialtjänsten kan inte använda den.",
    },
    {
        "code": "NODV", "valid_from": OSL_BEGAN, "source_url": OSL, "verified": "verified",
        "name": "Nödvändigt för den egna verksamheten",
        "source": "OSL (2009:400) 10 kap. 2 §",
        "decides": ["supervisor"], "questions": ["own_task", "necessity"],
        "ways": ways(P, S, "young_adult", EITHER, **HARM)
        + [
            way
            for start, end in BORDERS
            for way in ways(
                start, end, ("request", "returned"), OWN, drafter_may_decide=True,
                decides=["investigator", "investigation_leader", "social_worker", "supervisor"],
            )
        ],
        "note": "Snävt: nödvändigt för den som lämnar ut, inte för den som tar emot. En förfrågan säger bara vad som "
                "behövs för att få svar.",
    },
]  # fmt: skip


def fill(apps, schema_editor):
    ground = apps.get_model("access", "LegalGround")
    for row in ROWS:
        ground.objects.create(**row)


class Migration(migrations.Migration):
    dependencies = [("access", "0005_grounds")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
