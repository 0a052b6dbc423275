"""Words that say what somebody does or is, not what she is called: a wine merchant is no merchant's full name."""

from __future__ import annotations

from engine.corpus.text import word_set

#: Trades, ranks and roles, in lower case, singular and plural where both are cues.
TRADES = word_set(
    """
    actor actress agent announcer apprentice archer artist assistant attendant baker banker barber barman bartender beggar
    bishop blacksmith boatman bodyguard bookseller boss boy boys bride brewer builder butcher butler cab cabbie captive carpenter
    cashier caller chauffeur chef citizen citizens clerk client clown coach colonel commander conductor constable cook
    cop cops corporal count countess courtesan courtier crew crewman crone customer customers dancer dealer delivery deputy
    doctor doorman driver drunk drunkard duke emperor executioner farmer ferryman fighter fireman fisherman fool friar gangster
    gardener general gentleman ghost girl girls governor gravedigger groom grocer guard guards guest guests guide henchman
    herald hunter host hostess housekeeper innkeeper inspector interpreter interviewer investigator jailer janitor journalist judge juror
    king knight knights lady ladies landlady landlord lawyer leader librarian lieutenant lord lords madam maid maiden mailman man manager
    marine master mayor mechanic men merchant merchants messenger midwife minister mob monk murderer musician neighbor neighbour
    nun nurse officer official old operator orderly owner page painter passenger patient peasant pedlar photographer pilot
    pirate pirates player plumber poet policeman policewoman porter postman president priest priestess prince princess principal
    prisoner producer professor prostitute queen radio recruit referee reporter robber sailor sailors salesman saleswoman scientist secretary
    senator sergeant servant servants sheriff shepherd shopkeeper singer slave slaver smith soldier soldiers spy stranger
    student surgeon surveyor tailor teacher technician thief thug tourist trader trainer translator traveller traveler vendor vicar
    villager villagers visitor waiter waitress warden warrior watchman whore widow witch witness woman women worker
    abogado abogada actriz alcalde alcaldesa amigo amiga amo ama anciano anciana barquero barrendero camarero camarera
    campesino campesina cantante capitán capitana carcelero carnicero cartero chófer ciego cliente clienta cocinero
    cocinera comerciante comisario conde condesa conductor cónsul criado criada cura dama doctor doctora dueño dueña enfermera enfermero
    ermitaño escribano estudiante extranjero fiscal forastero fraile galán general guardia guardias guardián herrero jefe jefa
    jardinero joven juez jueza labrador ladrón lacayo licenciado marinero marqués marquesa médico mendigo mensajero mercader
    mesero mesera ministro monja monje mozo moza mujer músico niña niño notario novia novio obispo obrero oficial padrino panadero
    pastor pastora periodista pescador pescadora piloto policía portero portera presidente presa preso princesa príncipe
    prisionero profesor profesora reina rey sacerdote sacristán sargento secretaria secretario señor señora señorita sirvienta
    soldado soldados sastre tabernero testigo tía tío vecina vecino vendedor vendedora verdugo viajero viuda
    abbé ami boucher boulanger capitaine chef chevalier comte comtesse cuisinier curé dame docteur duc duchesse facteur femme fille
    garçon garde gardien homme juge laquais maître marchand marquise marquis médecin meunier notaire officier passant
    paysan paysanne prêtre prince princesse reine roi serviteur servante soldat valet veuve vieille vieux voisin voisine
    arzt bauer bote diener dienerin frau fräulein graf gräfin herr hauptmann hexe junge kaiser kellner kellnerin könig
    königin koch mädchen magd mann matrose mönch pfarrer polizist prinz prinzessin richter soldat wache wächter wirt wirtin
    """
)
