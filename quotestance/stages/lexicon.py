"""Closed word lists of English news that names, mentions and speakers are found by.

All of it is common knowledge of the language, written down here by hand.
"""

from __future__ import annotations

MALE_HONORIFICS = frozenset({"mr", "sir", "lord", "prince", "king", "congressman", "chairman",
    "spokesman", "businessman", "councilman", "assemblyman", "pope", "father", "msgr", "baron",
    "duke", "emperor", "sultan", "emir", "sheikh", "ayatollah", "imam"})  # fmt: skip
FEMALE_HONORIFICS = frozenset({"mrs", "ms", "miss", "dame", "lady", "princess", "queen",
    "congresswoman", "chairwoman", "spokeswoman", "businesswoman", "councilwoman",
    "assemblywoman", "baroness", "duchess", "empress", "sister", "señora", "frau"})  # fmt: skip
HONORIFICS = frozenset({"mr", "mrs", "ms", "miss", "mx", "sir", "dame", "lord", "lady", "dr",
    "prof", "professor", "rev", "hon", "sen", "rep", "gov", "gen", "lt", "col", "capt", "maj",
    "sgt", "adm", "president", "senator", "governor", "representative", "congressman",
    "congresswoman", "judge", "justice", "mayor", "secretary", "pope"})  # fmt: skip
NAME_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "esq", "phd", "md"})
PARTICLES = frozenset({"van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "du",
    "la", "le", "el", "al", "bin", "ibn", "ben", "bint", "abu", "ter", "ten", "zu", "af", "st",
    "san", "y", "e", "mac", "o", "das", "do", "al-", "el-", "lo", "dal"})  # fmt: skip
LOWER_PARTICLES = PARTICLES - {"st", "san", "mac", "o", "e", "do", "ten", "al-", "el-", "den"}

# Chinese, Korean, Vietnamese surnames and Hungarian ones of public figures stand first.
SURNAME_FIRST = frozenset(
    """
wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song
zheng xie han tang feng yu dong xiao cheng cao yuan deng fu shen zeng peng lu su jiang cai jia
ding wei xue ye yan pan du dai xia zhong tian ren qin xi jin qian bai mao shi meng long tan wan
duan hou qiu mo leng ai gu ning tsai kim lee park choi jung jeong kang cho yoon yun jang lim han
moon ban ryu ri pak nam noh roh shin hwang hong nguyen tran le pham hoang phan vu vo dang bui do
ho ngo duong ly truong orban szijjarto gyurcsany bajnai medgyessy antall magyar kovacs nagy szabo
ong goh heng chan
""".split()
)

_NICKNAME_GROUPS = """
joseph joe joey;william bill will billy;robert bob rob bobby;richard dick rick rich;
james jim jimmy jamie;john jack johnny;thomas tom tommy;michael mike mick;charles charlie chuck;
edward ed eddie ted teddy;theodore ted teddy;anthony tony;andrew andy drew;
daniel dan danny;david dave;donald don donnie;kenneth ken kenny;lawrence larry laurence;
matthew matt;nicholas nick nicolas;patrick pat paddy;peter pete;philip phil phillip;
ronald ron ronnie;samuel sam;stephen steve steven;timothy tim;gregory greg;jeffrey jeff geoffrey;
benjamin ben benny;christopher chris;frederick fred freddy freddie;gerald gerry jerry;
henry hank harry;bernard bernie;raphael rafael ted;leonard len leo;raymond ray;russell russ;
douglas doug;eugene gene;francis frank;franklin frank;jonathan jon;joshua josh;nathaniel nate;
vincent vince;walter walt;zachary zach;alexander alex;alexandra alex;elizabeth liz beth betsy;
katherine kate katie kathy catherine cathy;margaret maggie meg peggy;susan sue suzy;
deborah debbie debra;patricia pat patty;barbara barb;jennifer jen jenny;rebecca becky;
victoria vicky;christine chris christina;kimberly kim;pamela pam;sandra sandy;cynthia cindy;
nancy nan;judith judy;dorothy dot;martha marty;abigail abby;stanley stan;
sergei sergey;yuri yury;mohammed muhammad mohammad mohamed;ahmed ahmad;yusuf youssef;
volodymyr vladimir;alexander aleksandr;dmitri dmitry;ali aly;hussein husain;mitchell mitch;
addison mitch;harold harry;reginald reg reggie;clifford cliff;stewart stuart;terence terry;
arthur art;albert al bert;alfred al fred;alan al allen;calvin cal;curtis curt;
emanuel rahm;geraldine gerry;jacob jake;jerome jerry;marcus marc mark;maxwell max;oliver ollie;
randall randy;sidney sid;abraham abe;rudolph rudy;ernest ernie;herbert herb;julian jules;
madeleine maddy;veronica ronnie;valerie val;virginia ginny;teresa terry theresa;amanda mandy
"""


def _nickname_table() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for number, group in enumerate(_NICKNAME_GROUPS.replace("\n", "").split(";")):
        for name in group.split():
            table.setdefault(name, {name}).add(f"#{number}")
    return {name: frozenset(keys) for name, keys in table.items()}


NICKNAMES = _nickname_table()

MALE_NAMES = frozenset(
    """
aaron abdul al abdullah abraham adam adel adrian ahmad ahmed alain alan albert alberto alejandro
aleksandr alex alexander alexei alfred ali allen alvin amir anders andre andreas andrei andrew
andy anthony antonio antony ari arnold arthur ashraf asif august barack barry bart bashar ben
benjamin benny bernard bernie bill billy blake bob bobby boris brad bradley brandon brent bret
brett brian bruce bruno bryan byron caleb cameron carl carlos cedric cesar chad charles charlie
chris christian christopher chuck clarence clark claude clay clayton cliff clifford clint clinton
colin cory craig curtis cyril cyrus dan daniel danny darrell darren dave david davis dean dennis
derek devin dick diego dmitri dmitry don donald doug douglas duncan dustin dwight earl ed eddie
edgar eduardo edward edwin eli elias elijah elliot elliott emanuel emmanuel enrique eric erik
ernest ernesto ethan eugene evan evo fabian felix fernando fidel francesco francis francisco
franco francois frank franklin franz fred freddy frederick friedrich gabriel gareth garrett gary
gavin gene geoff geoffrey george gerald gerard gerhard gilbert giorgio giovanni giuseppe glenn
gordon graham grant greg gregory guillermo gustavo guy hamid hamza hans harold harry harvey
hassan hector helmut henri henry herbert herman hosni howard hugh hugo hussein ian ibrahim igor
imran ismail ivan jack jacob jacques jaime jake james jamie jan jared jason javier jay jean jeb
jeff jeffrey jens jeremy jerome jerry jesus jim jimmy joachim joaquin joe joel johan johannes
john johnny jon jonathan jorge jose josef joseph josh joshua juan julian julio justin karim karl
keith ken kenneth kenny kevin khalid khalil kirk klaus konstantin kurt kyle lamar lance larry
lars laurence laurent lawrence lee leo leon leonard leonardo leonid lester lewis liam lindsey
lloyd lou louis luca lucas luigi luis luke lyndon mahmoud malcolm manuel marc marcel marco marcus
mario mark marshall martin marvin mason matt matteo matthew maurice max maxim michael michel
miguel mike mikhail milos mitch mitchell mitt mohamed mohammad mohammed morgan moshe muhammad
mustafa narendra nasser nathan nathaniel neil nelson newt nicholas nick nicolas nigel nikolai
noah norman oleg oliver omar oscar osama otto owen pablo paolo pat patrick paul pavel pedro perry
pete peter phil philip philippe phillip pierre preston rafael rahm rajiv ralph ramon rand randy
raul ray raymond recep reince rex ricardo rich richard rick rob robert roberto robin rod rodney
rodrigo roger roland roman ron ronald ross roy rudy rupert rush russell ryan saddam salman sam
samuel scott sean sebastian serge sergei sergey seth shane shaun shawn sidney silvio simon spencer
stan stanley stefan stephan stephen sterling steve steven stewart stuart syed taylor ted terry
theodore thomas tim timothy todd tom tommy tony travis trent trevor troy tyler vernon victor
viktor vincent vladimir volodymyr walter warren wayne wendell werner wesley wilbur will william
winston wolf wolfgang woodrow yair yasser yuri yusuf zach zachary akbar andrzej arseniy benito
bilal donnie emil erick farooq francois gael glen hank heiko ignacio jarrod jerrold jorg kofi
lyle mauricio mick nikola olaf paddy pascal pranab quentin gideon anselm tobias harald ludo ricky
denis norm mort rocco ernie norbert ignatius rafik ehud ariel bibi benny naftali yoav hakeem
raheem deval hakim jamal kareem darrel darryl randal mel barney dwayne tyrone lamont jermaine
terrence marlon jamie josef kirby lonnie louie mitchel nat ned ollie orrin otis percy pierce
quincy rand regis reginald rick rory roscoe royce rufus sal sandro seamus shelby sherman skip
stacy stu sylvester tad thad thurgood tino trey ty ulysses vic wally ward wes willard willie wyatt
zack zeke angus alistair alasdair callum clement crispin damian dominic ewan fergus giles hamish
hilaire jasper jolyon lachlan liam nigel piers rhys rishi sajid kwasi tarek tariq walid waleed
zaid zalmay hamad khaled rashid salim samir tamim amr fouad fuad naguib ayman aziz bandar faisal
nayef turki sandeep sanjay shinzo sixto
tayyip theo tobias toby tucker ulrich vaclav vince vivek xavier yoshihide zhou chip corey
""".split()
)
FEMALE_NAMES = frozenset(
    """
abigail ada adriana agnes aisha alana alexandra alexandria alexis alice alicia alison allison
alma alyssa amanda amber amelia amina amy ana anastasia andrea angela angelina angie anita ann
anna anne annette annie april ashley astrid audrey aung ava ayesha barbara beatrice becky belinda
benazir bernadette beth bethany betsy betty beverly bianca bonnie brenda brianna bridget brigitte
britney brooke camila camilla candice cara carla carly carmen carol carolina caroline carolyn
carrie cassandra catherine cathy cecilia celeste celia charlotte chelsea cheri cherie cheryl
chloe christiane christina christine cindy claire clara clarissa claudia colleen condoleezza
connie constance cornelia cristina crystal cynthia daisy dana danielle daphne dawn deborah debbie
debra deirdre delia delores denise diana diane dianne dilma dina dolores donna dora doris dorothy
edith eileen elaine eleanor elena eliza elisa elisabeth elise elizabeth ella ellen ellie elsa
elvira emily emma erica erika erin esther eva eve evelyn faith fatima fatou felicia fiona
florence frances francesca gabriela gabrielle gail gayle genevieve georgia geraldine gertrude
gina ginny giorgia gisela gladys glenda gloria golda grace greta gretchen gwen gwenda hannah
harriet hattie hazel heather heidi helen helena helene helle hillary hilary holly hope ida ilana
ileana ines ingrid irene iris irina isabel isabella isabelle ivanka ivy jackie jacqueline jane
janet janice jasmine jean jeanne jen jenna jennifer jenny jessica jill jo joan joanna joanne
jocelyn jodi jody johanna josephine joy joyce juana juanita judith judy julia juliana julie june
kamala karen karin karla kate kathleen katherine kathryn kathy katie katrina kay kayla kayleigh
keiko kelly kellyanne kendra kim kimberly kirsten kirstjen kristen kristin kristina krista lara
latoya laura lauren laurie leah leila lena leslie leticia lidia lillian lily linda lisa liz liza
lois lola lora loretta lori lorraine lottie louise lucia lucy lydia lynda lynn lynne mabel
madeleine madison maggie malala malia mandy mara marcia margaret margarita margot maria mariana
marie marilyn marina marine marion marisa marissa marjorie marlene marsha marta martha mary
maryam maureen maxine maya meg megan megyn melania melanie melba melinda melissa mercedes
meredith meryl mia michelle mildred mimi mindy miranda miriam mitzi molly monica monique muriel
myra nadia nadine nancy naomi natalia natalie natasha nia nicola nicole nikki nina nora norma
olga olivia olympia oprah pamela pat patricia patty paula pauline peggy penelope penny phyllis
pippa polly priscilla rachael rachel ramona raquel rebecca regina renee rhonda rita roberta robyn
rosa rosalynn rose rosemary rosie roxanne ruth sabrina sally samantha sandra sandy sara sarah
sasha selena shannon sharon sheila shelby shelley sheri sherry shirley sibyl silvia simone sofia
sondra sonia sonya sophia sophie stacey stacy stella stephanie stormy sue summer sunny susan
susana susanna susie suzanne sylvia tamara tami tammy tania tanya tara tatiana teresa tessa thea
thelma theresa tiffany tina tonya tracy trish tulsi ursula valentina valerie vanessa vera
veronica vicki vicky victoria viola violet virginia vivian wanda wendy whitney whoopi wilma
winnie yasmin yolanda yvette yvonne zainab zoe wilhelmina ilka oona greta beryl imogen maryanne
maryann mary-anne marianne luann leann roseanne rosanne suzan debbi patti randi ronna sarai shirin
shireen soledad tawakkol thuli valery wanda xiomara yulia yuliya zoya oksana iryna svetlana
ludmila lyudmila galina larisa ksenia ilyse cecile sibel tansu benita carole charlene claudine
corazon cory dianna dina ellie etta fannie freda gloria harriett imelda isobel jackie janine
jeannette jeannie jeri joni kirstie kyrsten lacey lael latifa lavinia leticia lucille lucinda mae
maggie maia mairead marcela maud mazie mina nan nanette nell nellie nita odette oriana padma perla
raisa ramola randee rashida reina rosario roxana sally selma sharice sheryl sigrid simona stacie
susanne tess theodora tracey trudy una ute verna viktoria willa yvonne annalena angelique jacinda
sanna magdalena
""".split()
)
FIRST_NAMES = MALE_NAMES | FEMALE_NAMES

# Titles that stand before a name. Longer ones first when matching; values are the office.
TITLES = frozenset(
    """
president;vice president;prime minister;deputy prime minister;minister;foreign minister;
defense minister;defence minister;finance minister;interior minister;justice minister;
energy minister;health minister;trade minister;economy minister;education minister;
foreign secretary;home secretary;defence secretary;secretary of state;secretary of defense;
defense secretary;treasury secretary;secretary of the treasury;attorney general;
secretary general;secretary-general;secretary;press secretary;deputy secretary;chancellor;
premier;king;queen;prince;princess;crown prince;pope;senator;sen;sens;rep;reps;representative;
congressman;congresswoman;gov;governor;lt gov;lieutenant governor;mayor;judge;justice;
chief justice;chairman;chairwoman;chair;chairperson;general;gen;colonel;col;lt;lieutenant;capt;
captain;maj;major;sgt;sergeant;adm;admiral;commander;ambassador;envoy;special envoy;spokesman;
spokeswoman;spokesperson;director;executive director;deputy director;professor;prof;dr;doctor;
rev;reverend;bishop;archbishop;cardinal;rabbi;imam;sheikh;ayatollah;speaker;house speaker;leader;
majority leader;minority leader;senate majority leader;senate minority leader;
house majority leader;house minority leader;supreme leader;opposition leader;whip;commissioner;
sheriff;mr;mrs;ms;miss;mx;sir;dame;lord;lady;officer;detective;inspector;inspector general;
chief executive;ceo;councilman;councilwoman;assemblyman;assemblywoman;delegate;deputy;candidate;
nominee;presidential candidate;presidential nominee;strategist;czar;editor;reporter;
correspondent;anchor;host;campaign manager;campaign chairman;chief of staff;national security
adviser;national security advisor;adviser;advisor;police chief;fire chief;chief;district attorney;
solicitor general;surgeon general;first lady;former president;former secretary of state;
recorder;county recorder;radio host;state senator;captain;coach;state rep;superintendent;head
coach;coach;author;columnist;analyst;economist;
lawyer;attorney;activist;top diplomat;chief diplomat;foreign policy chief;state councilor;
councillor;councilor;lawmaker;mp;undersecretary;brigadier;brigadier general;major general;
lieutenant general;lieutenant colonel;vice admiral;vice minister;deputy foreign minister;
transport minister;prosecutor;chief prosecutor;
special rapporteur;party leader;opposition candidate;ruling-party candidate
""".replace("\n", " ")
    .replace("; ", ";")
    .strip()
    .split(";")
)

_SAME_OFFICES = """
spokesman spokeswoman spokesperson;chairman chairwoman chair chairperson;coach manager trainer;
lawmaker legislator mp senator sen congressman congresswoman representative rep deputy assemblyman
assemblywoman councilman councilwoman;executive ceo boss chief head;
leader president premier chancellor chief head;premier prime;lawyer attorney counsel;actor actress;
author writer novelist;candidate nominee contender hopeful challenger;professor academic scholar;
diplomat ambassador envoy;doctor physician surgeon dr;officer policeman policewoman;
businessman billionaire mogul tycoon entrepreneur;prosecutor attorney;
detective investigator inspector;teacher schoolteacher;keeper goalkeeper;economist analyst;
host anchor presenter;reporter journalist correspondent
"""


def _same_offices() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for group in _SAME_OFFICES.replace("\n", " ").split(";"):
        first, *others = group.split()
        for word in (first, *others):
            table.setdefault(word, {word})
        table[first].update(others)
        for word in others:
            table[word].add(first)
    return {word: frozenset(words) for word, words in table.items()}


# The first of a group may mean every other, and every other the first: a senator is a lawmaker.
SAME_OFFICE = _same_offices()

ORG_HEADS = frozenset(
    """
university college school institute institution center centre committee council commission
agency department ministry bureau office administration authority board court tribunal parliament
congress senate assembly house party union federation association society foundation fund bank
corporation corp company co inc ltd llc group coalition alliance league movement network news
times post journal tribune gazette herald press magazine review radio television tv broadcasting
church army navy force forces police guard service services campaign conference forum club team
bar project initiative trust partnership organization organisation cabinet government treasury
pentagon watch international holdings industries systems airlines motors media studios records
pac caucus legislature academy laboratory hospital medical museum library chamber exchange
conservancy patrol sentinel ledger informer chronicle examiner inquirer observer telegraph
bulletin courier grid robotics pharmaceuticals therapeutics technologies electronics dynamics
logistics analytics airways telecom petroleum observatory front confederation consortium
secretariat inspectorate brigades brothers securities partners lines resources rovers
wanderers united foods steel rail dispatch republic command corps taliban hamas hezbollah
directorate division wire
""".split()
)
EVENT_HEADS = frozenset(
    """
act bill law amendment war summit treaty agreement pact accord deal election elections primary
convention debate games olympics conference festival day week month award prize plan protocol
partnership
resolution crisis scandal hearing street avenue road square hall building tower river lake
mountain bridge airport park hotel island islands county city beach valley airport doctrine
""".split()
)

PERSON_NOUNS = frozenset(
    """
advocate lobbyist surrogate donor organiser campaigner backer confidant investor trader
man woman boy girl guy person someone somebody anyone nobody everyone official spokesman
spokeswoman spokesperson aide adviser advisor lawyer attorney analyst expert critic supporter
voter resident witness reporter journalist editor columnist host anchor senator congressman
congresswoman representative lawmaker legislator governor mayor president minister secretary
chairman chairwoman chair director manager leader chief head ceo executive founder owner
professor teacher student doctor nurse economist scientist researcher historian author writer
judge justice prosecutor sheriff officer detective commander general colonel soldier veteran
candidate nominee rival opponent runner-up frontrunner front-runner businessman businesswoman
billionaire mogul tycoon developer actor actress singer comedian celebrity activist organizer
protester demonstrator strategist consultant pollster operative staffer staff-member member
delegate diplomat ambassador envoy negotiator premier chancellor king queen prince princess pope
bishop priest pastor rabbi imam father mother brother sister son daughter wife husband friend
neighbor neighbour victim suspect worker employee insider source speaker commissioner
superintendent treasurer comptroller democrat republican conservative liberal libertarian
socialist independent incumbent politician statesman hopeful contender coach player patient
passenger driver farmer farmer's counsel dictator strongman monarch premier-elect
challenger president-elect newcomer outsider insider former-president firebrand maverick texan
floridian
vermonter demagogue winner supremo pundit chef pensioner surgeon steward landlord goalkeeper ranger
prosecutor engineer sailor colleague curate deputy minister economist detective warden blogger
hawk moderate councillor councilor fisherman banker rapporteur lieutenant brigadier counterpart
""".split()
)
# Those who speak or act for somebody: after "an aide to the mayor," stands the aide's name.
SERVANTS = frozenset(
    """
spokesman spokeswoman spokesperson aide adviser advisor lawyer attorney counsel deputy assistant
""".split()
)
DOCUMENT_NOUNS = frozenset(
    """
report reports survey surveys poll polls study studies memo memos letter letters document
documents statement statements lawsuit suit complaint filing filings email emails e-mail e-mails
article articles editorial editorials op-ed piece story stories book books analysis data
statistics figures records record transcript transcripts video videos audio tape tapes recording
recordings post posts tweet tweets ad ads advertisement commercial placard placards sign
signs banner banners headline headlines slogan review inquiry investigation investigations
findings results projections projection estimate estimates forecast forecasts law bill act
constitution treaty resolution amendment platform manifesto plan draft ruling decision order
opinion dissent indictment affidavit testimony release press-release note notes message messages
text texts file files form forms calls research polling census playbook rule rules policy
magazine petition declaration communique communiqué paper papers white-paper index doctrine
warrant subpoena guidelines guidance directive charter code article column blog columnists
sentence page chapter section article number numbers evidence outlook account accounts history
report's theory proverb adage saying
""".split()
)
ORG_NOUNS = frozenset(
    """
campaign administration government police party committee court company organization
organisation agency department ministry office embassy team firm bank network newspaper paper
magazine outlet site website station group union association church university school
commission council board bureau coalition alliance movement hospital military army
opposition regime leadership parliament congress senate house legislature jury panel ministry
institute institution think-tank foundation fund center centre league club authority authorities
white-house kremlin establishment retailer lender carmaker automaker drugmaker chipmaker airline
insurer broadcaster watchdog regulator charity club chain manufacturer brewer utility startup
bloc body militia junta coastguard monitor exchange newsroom tabloid daily
federation society trust carrier maker theatre theater haulier syndicate monarchy palace
""".split()
)
GROUP_NOUNS = frozenset(
    """
people men women children police officers troops staff public crowd audience many most some few
several others both all majority minority half third percent per-cent media press electorate
folks parents jury family couple youth elderly poor rich pair duo trio
""".split()
)
SINGULAR_IN_S = frozenset(
    """
congress boss press business witness process analysis mass class census
""".split()
)

HE, SHE = frozenset({"he", "him", "his", "himself"}), frozenset({"she", "her", "hers", "herself"})
THEY = frozenset({"they", "them", "their", "theirs", "themselves"})
IT = frozenset({"it", "its", "itself"})
FIRST = frozenset({"i", "me", "my", "mine", "myself"})
FIRST_PLURAL = frozenset({"we", "us", "our", "ours", "ourselves"})
SECOND = frozenset({"you", "your", "yours", "yourself"})
RELATIVE = frozenset({"who", "whom", "whose", "which", "that"})
PRONOUNS = HE | SHE | THEY | IT | FIRST | FIRST_PLURAL | SECOND

# Capitalized at the start of a sentence, hardly ever part of a name.
SENTENCE_WORDS = frozenset(
    """
a about above according across after again against ago all almost along already also although
am amid among an and another any anyone anything are around as asked at away back be became
because been before behind being below besides best better between beyond both but by called can
cannot come could critics despite did do does doing done don't during each earlier either else
even ever every everyone everything except few fewer finally first following for former from
further get given go good got had half has have having he hence her here hers herself high him
himself his how however i i'm i've i'll i'd if in indeed instead into is isn't it it's its itself
just kind last late later latest least less let like likely long made make many may maybe me
meanwhile might mine more moreover most much must my myself near nearly neither never
nevertheless new next no nobody none nor not nothing now of off officials often old on once one
only onto or other others otherwise our ours out over own per perhaps please plus probably put
quite rather really right said same saying second see seems several shall she should show since
so some somebody someone something soon still such take tell than thank thanks that that's the
their them then there there's therefore these they they're third this those though three through
thus to today together tomorrow too toward towards two under unless unlike until up upon us used
usually look well ok okay hey hello oh thanks frankly honestly unfortunately hopefully clearly
obviously nonetheless
very wait was wasn't we we're well were what what's whatever when where whether which
while who who's whose why will with within without won't would yes yesterday yet you you're your
yours four five six seven eight nine ten
""".split()
)
CALENDAR = frozenset(
    """
monday tuesday wednesday thursday friday saturday sunday january february march april may june
july august september october november december jan feb mar apr jun jul aug sept sep oct nov dec
mon tue wed thu fri sat sun christmas easter thanksgiving ramadan
""".split()
)
