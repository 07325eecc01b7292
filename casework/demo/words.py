"""What is said in the invented town: names, observations, facts, reasons, plans and notes.

Everything is made up. Surnames are put together from words of nature, given names are common
ones; no text is about a real person, place or event.
"""

GIVEN = (
    "Alva", "Amina", "Anton", "Astrid", "Bilal", "Casper", "Daniel", "Ebba", "Elias", "Elin",
    "Elsa", "Emil", "Fatima", "Filip", "Frida", "Hanna", "Hugo", "Ida", "Isak", "Jasmin", "Jonas",
    "Kevin", "Klara", "Leia", "Leo", "Liam", "Linnea", "Lovisa", "Lucas", "Maja", "Melker",
    "Mira", "Moa", "Nadja", "Noah", "Noor", "Olivia", "Omar", "Oskar", "Ronja", "Sami", "Saga",
    "Selma", "Signe", "Tilde", "Tim", "Tuva", "Viktor", "Wilma", "Yusuf", "Ylva", "Örjan",
)  # fmt: skip
FAMILY_FIRST = (
    "Alm", "Asp", "Björk", "Dal", "Ek", "Fjäll", "Gran", "Hassel", "Hav", "Lind", "Ljung", "Lund",
    "Myr", "Norr", "Rönn", "Sjö", "Skär", "Sten", "Strand", "Tall", "Vass", "Väster", "Ås", "Ö",
)  # fmt: skip
FAMILY_LAST = ("backe", "fors", "grip", "hage", "holt", "kvist", "ros", "skog", "stig", "vik")

SEEN = {
    "use": (
        "Satt vid bänkarna med två jämnåriga. Doft av cannabis. Lugn och tog emot vår information.",
        "Verkade påverkad men svarade på tilltal. Följdes hem och lämnades till en vårdnadshavare.",
        "Rökte något tillsammans med en kamrat. Gick när vi kom, återvände efter en stund.",
        "Personal på platsen ringde. Den unge var trött och illamående, en förälder hämtade.",
    ),
    "possession": (
        "Påse med torkat växtmaterial låg bredvid ryggsäcken. Beslag enligt egen anmälan.",
        "Lämnade frivilligt fram en liten påse. Sade att den hittats på marken.",
        "Vakt överlämnade en påse som tappats vid ingången. Två vittnen pekade ut samma person.",
    ),
    "transfer": (
        "Överlämnade något litet till en jämnårig, som gick direkt. Ingen betalning sågs.",
        "Två korta möten inom tjugo minuter. Något bytte hand vid det andra.",
    ),
    "sale": (
        "Tre korta möten med olika personer på en halvtimme. Pengar sågs vid ett av dem.",
        "Tips om försäljning på eftermiddagarna. Signalementet stämmer med tidigare uppgift.",
        "Kontakt med förbipasserande, sedlar överlämnades. En äldre stod vid sidan av.",
    ),
    "risk_setting": (
        "Var med en grupp äldre ungdomar vid en känd mötesplats, sent en vardagskväll.",
        "Har setts på platsen flera kvällar i rad under skoltid och efter midnatt.",
        "Stod ensam och frös när vi kom förbi. Ville inte åka hem. Vi ringde en förälder.",
        "Ung person som inte brukar vara där. Sade sig vänta på en äldre bekant.",
    ),
    "other": (
        "Skolan har märkt hög frånvaro och oro bland kamraterna. Rektor vill ha kontakt.",
        "En anhörig är orolig: sena kvällar, nya kläder, telefon som ringer hela natten.",
        "Uppgift från en vuxen på platsen om att den unge har skulder och känner sig tvungen.",
    ),
}

FACTS = {
    "sale_indicated": (
        "Tre överlämningar mot pengar sågs av två poliser samma kväll.",
        "Två vittnen beskriver betalning, se iakttagelsen.",
    ),
    "recipient_under_18": (
        "Mottagaren gick i årskurs 9 enligt egen uppgift, kontrollerat med skolan.",
        "Mottagaren var 16 år, identitet kontrollerad på platsen.",
    ),
    "repeated": (
        "Andra iakttagelsen på sex veckor, båda dokumenterade här.",
        "Tre tillfällen sedan i våras, se iakttagelserna.",
    ),
    "exposed_place": (
        "Platsen finns på den beslutade listan över utsatta platser.",
        "Båda tillfällena på samma utsatta plats, fredag kväll.",
    ),
    "perishable_evidence": (
        "Kameramaterial skrivs över efter sju dygn.",
        "Telefonens meddelanden kan raderas; tas om hand i dag.",
    ),
    "deadline_near": (
        "Frist för handläggning löper ut om tre veckor.",
        "Beslut måste fattas före månadsskiftet.",
    ),
    "under_15": ("14 år vid tillfället.", "13 år vid tillfället."),
    "used_by_older": (
        "En vuxen i bil gav instruktioner enligt den unges egen berättelse.",
        "Äldre bekant betalar telefon och kläder, sagt i samtal.",
    ),
    "acute_health": (
        "Medvetandesänkt i lördags, ambulans tillkallad.",
        "Har berättat om blandning med läkemedel den senaste veckan.",
    ),
    "several_risks": (
        "Skolfrånvaro över hälften av tiden, skulder och sena kvällar, allt i egen utredning.",
        "Två risker bekräftade i samtal: skulder och våld i kamratgruppen.",
    ),
    "earlier_report": (
        "Orosanmälan i våras, avslutad utan insats.",
        "Orosanmälan från skolan i mars.",
    ),
    "no_adult": (
        "Vårdnadshavaren vistas utomlands, ingen annan vuxen i hemmet.",
        "Båda vårdnadshavarna säger att de inte orkar och ber om stöd.",
    ),
    "younger_siblings": (
        "Två yngre syskon i hemmet, det ena var med vid tillfället.",
        "Lillasyster på elva år har följt med till platsen.",
    ),
}  # fmt: skip

PRIORITISE = {
    "A": (
        "Fara för hälsan just nu. Vi behöver träffa den unge i dag.",
        "Uppgifterna är färska och kan gå förlorade. Måste påbörjas samma dag.",
    ),
    "B": (
        "Upprepat på kort tid och på en utsatt plats. Bör påbörjas inom tre arbetsdagar.",
        "Flera kriterier är uppfyllda och den unge är lätt att nå nu.",
    ),
    "C": (
        "Tydliga uppgifter men ingen brådska. Tas i ordinarie följd.",
        "Ett kriterium är uppfyllt. Vi vill träffa den unge och en vårdnadshavare.",
    ),
    "D": (
        "Enstaka uppgift. Vi bevakar och tar upp den igen om något mer kommer.",
        "Oklar uppgift, men platsen gör att vi vill ha den under uppsikt.",
    ),
}
RENEW = (
    "Uppgifterna gäller fortfarande, ny iakttagelse har kommit in.",
    "Har inte hunnit påbörjas. Behovet är detsamma.",
)
RAISE = "Ny iakttagelse på samma plats gör att nivån behöver höjas."
LOWER = (
    "Uppgiften har visat sig gälla en annan person.",
    "Inget nytt har kommit in under tiden. Prioriteringen behövs inte längre.",
)
ASIDE = {
    "out_of_scope": "Gäller inte narkotika. Hänvisad till skolans elevhälsa.",
    "no_ground": "Uppgiften är för vag för att gå vidare med.",
    "duplicate": "Samma händelse finns redan i ett annat ärende.",
    "other_unit": "Den unge bor i ett annat område. Uppgiften hör hemma där.",
}
RESTRICT = {
    "protected_identity": "Skyddade personuppgifter enligt folkbokföringen.",
    "relative_of_staff": "Nära anhörig till en medarbetare på enheten.",
}
SUBSTITUTE = "Föräldraledig två veckor."
HAND_OVER = (
    "Längre ledighet. Kollegan känner redan den unge.",
    "Fördelning av ärenden i gruppen, enligt överenskommelse i dag.",
    "Den unge har bytt skola och området följs av kollegan.",
)
CLOSE = {
    "support_given": "Insatserna är genomförda och den unge har det stöd som behövs.",
    "handed_to_other": "Mottagande verksamhet har bekräftat att de har tagit över.",
    "no_further_need": "Två uppföljningar utan ny oro. Vårdnadshavare är införstådda.",
    "no_contact": "Fem försök att nå familjen på tre sätt. Ingen kontakt.",
    "crime_handled": "Misstanken är utredd och redovisad.",
    "nothing_found": "Uppgifterna har kontrollerats och har inte bekräftats.",
}
REOPEN = (
    "Ny uppgift om samma plats och samma tid på dygnet.",
    "Skolan har hört av sig på nytt med liknande oro.",
)

PLANS = {
    "police": (
        ("Orossamtal på stationen", "Den unge och en förälder vet vad vi sett och vad som händer."),
        ("Återkommande besök på platsen", "Den unge ses inte på platsen kvällstid på fyra veckor."),
        ("Samtal med områdespolis", "Den unge har en polis som den känner igen och kan ringa."),
    ),
    "social": (
        ("Stödsamtal för unga", "Inget bruk under tre månader, enligt egen uppgift och prover."),
        ("Föräldrastöd", "Vårdnadshavarna har gemensamma regler för kvällar och pengar."),
        ("Kontaktperson", "En trygg vuxen två gånger i veckan under hösten."),
        ("Fältarbetare på fritiden", "Den unge deltar i en ledarledd aktivitet varje vecka."),
        ("Plan med skolan", "Närvaron är över 80 procent vid nästa avstämning."),
        ("Hjälp med skulder", "Skulderna är kartlagda och ingen känner sig tvungen att sälja."),
    ),
}  # fmt: skip
CONSENT = (
    "Sagt vid möte på kontoret. Kan återkallas när som helst, det är förklarat.",
    "Muntligt samtycke på telefon, bekräftas skriftligt vid nästa möte.",
)
NOTES = (
    "Kom i tid och var pratsam. Har sökt sommarjobb. Nästa träff är bokad.",
    "Uteblev. Ringde en timme senare och bad om en ny tid.",
    "Vårdnadshavaren var med. Lugnare hemma, men kvällarna är fortfarande svåra.",
    "Första provet lämnat enligt överenskommelse. Resultat väntas på torsdag.",
    "Träff på fritidsgården. Nya kamrater, håller sig borta från den gamla platsen.",
    "Samtal om pengar och skulder. Vi ringde tillsammans och gjorde upp en plan.",
)
DECLINE = (
    "Den unge och vårdnadshavarna tackar nej just nu. Erbjudandet står kvar.",
    "Får redan motsvarande stöd genom skolan.",
)
CANCEL = (
    "Den unge har flyttat till en släkting i en annan kommun.",
    "Uteblivit fyra gånger i rad.",
)
COMPLETE = {
    "goal_reached": "Planen är genomförd och målet är nått.",
    "partly": "Planen är genomförd. Delar av målet är nådda, resten följs upp.",
    "not_reached": "Tiden är ute. Målet är inte nått, ny bedömning görs.",
}
REVEAL = "Behöver numret för att boka tid hos vården."
GUARDIAN = "Per telefon, båda vårdnadshavarna."
REPORTERS = ("Norrskolan", "Ungdomsmottagningen", "Fritidsgården")
PROTECTION = (
    "Bor hemma hos en trygg vårdnadshavare som vet vad som har hänt. Inget akut behov.",
    "Samtal med den unge och en vårdnadshavare samma dag. Inget som tyder på fara just nu.",
)
HOLD = "Ett registerutdrag är begärt men inte utlämnat än."
NOT_OPENED = "Uppgifterna ger inte anledning att utreda. Familjen har tackat ja till råd och stöd."
