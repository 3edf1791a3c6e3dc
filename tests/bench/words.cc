// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Word lists, and words put together from pieces.

#include "tests/bench/words.h"

namespace commresolve::bench {
namespace {

/// Cuts a constant text at its blanks.
WordList Split(std::string_view text) {
  WordList words;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

constexpr std::string_view kCommon =
    "cloud green digital home blue north open smart star data city best sun first red river stone "
    "house garden light golden free bright silver park lake wind fire mountain forest ocean east "
    "west south royal central global urban rural local family golf travel book music film photo "
    "game sport bike car boat train plane road bridge harbour tower castle village valley hill "
    "meadow field farm mill barn orchard apple pear cherry plum lemon orange berry grape olive "
    "maple oak pine cedar birch willow ash elm hazel holly ivy rose lily tulip daisy poppy clover "
    "thyme basil mint sage pepper honey sugar salt bread cake coffee tea wine beer water milk "
    "butter cheese egg rice corn wheat barley oat flour kitchen table chair lamp window door "
    "mirror clock candle basket bottle cup plate spoon fork knife pan oven stove roof wall floor "
    "brick timber copper iron steel zinc nickel cobalt amber jade ruby pearl opal coral crystal "
    "marble granite slate chalk clay sand pebble dune cliff cave canyon island lagoon delta creek "
    "brook spring fountain waterfall glacier summit ridge plateau prairie desert jungle savanna "
    "tundra reef tide wave storm thunder rain snow frost cloudy breeze mist rainbow horizon sunset "
    "sunrise dawn dusk noon midnight winter summer autumn eagle falcon hawk owl raven swan heron "
    "crane robin sparrow finch swallow fox wolf bear deer otter beaver badger hare lynx tiger lion "
    "panther jaguar zebra giraffe camel horse pony donkey bull cow goat sheep lamb rabbit squirrel "
    "hedgehog mole mouse turtle lizard gecko frog toad salmon trout pike perch dolphin whale shark "
    "octopus crab lobster oyster bee wasp ant beetle spider butterfly dragon phoenix griffin "
    "unicorn giant knight king queen prince duke baron bishop pilot sailor captain ranger hunter "
    "miller baker potter weaver mason carver tinker tailor glover turner fisher shepherd archer "
    "piper drummer fiddler dancer painter writer poet thinker maker builder planter keeper watcher "
    "runner rider walker climber swimmer diver anchor compass sextant rudder mast sail hull deck "
    "canvas paper pencil brush ink stamp letter parcel ticket token coin wallet purse pocket "
    "button thread needle ribbon velvet cotton linen silk wool leather feather bone shell horn "
    "drum flute violin cello organ piano trumpet banjo lute harp echo rhythm melody harmony tempo "
    "signal beacon lantern torch spark ember flame smoke steam engine motor piston gear lever "
    "pulley spring magnet battery circuit switch socket cable wire fibre laser prism lens pixel "
    "vector matrix cipher puzzle riddle legend fable saga story chapter verse novel journal atlas";

constexpr std::string_view kTrade =
    "systems media solutions group consulting energy software design services health logistics "
    "finance marketing security hosting studio networks labs partners capital insurance realty "
    "legal dental clinic pharmacy academy school college institute museum theatre gallery press "
    "publishing records events catering bakery brewery winery hotel hostel resort camping fitness "
    "yoga dance sailing cycling motors garage transport shipping storage cleaning plumbing heating "
    "roofing flooring furniture interiors lighting gardens nursery florist fashion jewellery shoes "
    "toys games gaming robotics electronics telecom wireless optics instruments tools metals "
    "plastics chemicals minerals mining drilling forestry fisheries farming foods beverages";

constexpr std::string_view kHeads =
    "ash beck birk black blake bolt brad bram breck brock bruns burg cald carl chel clay clif cole "
    "comp cot cran cross cul dal dar denn dorn drake dun eder elk elm ems fair falk farn fen fern "
    "finn flint fren gar gild glen gran grim had hals ham harl harrow hasl havel heath hemm hock "
    "holm horn hull ing isen kell ken kirk knap lang lar leck lind lock lud mar mel mers milt morn "
    "nas "
    "nett nor oak old orm pen pick quar rad ram rath ren rock roth sal sand scar sel sher skel "
    "stan stock sund swin tan tarn thorn till trent ulm upp vall wal warn wat wend wilm win wolf "
    "wood wy york zell";
constexpr std::string_view kTails =
    "ford ham ton ley field wick worth bridge bury combe dale den don gate grove hurst land low "
    "mere mont more mouth ridge sea shaw stead stone stoke thorpe tree vale view ville wall water "
    "well wood yard berg bach hausen felde stein au";

constexpr std::string_view kGerman =
    "müller bäckerei größe straße kümmert schön grün süd öko käse hütte gärten bücher küche möbel "
    "türen brücke mühle jäger förster schäfer köhler krüger schröder böhm löwe bär vögel "
    "frühling höhe tränke läufer wäsche schlüssel gemüse früchte nüsse häuser dächer fähre "
    "königstein weiß fuß fröhlich glück mönch räder stühle zwölf bürger bühne";
constexpr std::string_view kFrench =
    "forêt château école théâtre musée café crêperie boulangère pâtissier évasion été hôtel "
    "hôpital fenêtre lumière rivière clé étoile éléphant poète élan fête gâteau crème pêche "
    "bergère première dernière santé énergie métal théière cinéma opéra célébrité liberté vérité "
    "beauté société cité début répertoire général maïs naïf noël aïeul île bâtiment";
constexpr std::string_view kRussian =
    "река гора лес поле город дом окно книга музыка школа театр музей хлеб вода звезда солнце луна "
    "ветер огонь камень мост башня сад яблоко вишня берёза сосна медведь волк лиса орёл сокол "
    "рыба корабль дорога поезд север восток запад свет зима весна осень мастер";
constexpr std::string_view kJapanese =
    "東京 電子 株式 会社 大阪 京都 工業 農業 銀行 学校 病院 旅館 書店 出版 音楽 映画 写真 料理 "
    "酒造 "
    "茶屋 花屋 森林 山川 海洋 空港 鉄道 自動 機械 技術 研究 開発 設計 建設 運輸 貿易 商店 食品 "
    "飲料 "
    "衣料 家具 さくら ふじさん ひかり のぞみ カメラ";

constexpr std::string_view kServices =
    "mail shop blog api cloud webmail portal vpn git dev test staging docs wiki support status cdn "
    "img static media files login sso auth intranet remote my app apps admin panel db jabber xmpp "
    "chat matrix meet conference sip voip pbx irc news forum tickets bugs tracker lists calendar "
    "contacts backup archive mirror download update repo build ci monitor metrics logs grafana "
    "kibana registry proxy gateway edge relay mx smtp imap pop ns1 ns2 dns ldap radius print scan "
    "camera door stream video radio tv live play jobs careers invest partner reseller booking "
    "order pay billing invoice survey events map weather translate search";
constexpr std::string_view kUnits =
    "Sales Support Engineering Research Finance Operations Marketing Security Infrastructure Legal "
    "Logistics Production Training Library Hosting Networks IT Web Platform Purchasing";
constexpr std::string_view kGiven =
    "anna peter maria john julia thomas laura martin sarah paul emma david clara simon alice oscar "
    "helen victor nora felix ingrid henrik astrid magnus sofia luis carmen diego elena marco "
    "chiara luca giulia pierre camille lucie antoine hugo margot piotr agnieszka zofia tomasz "
    "katarina milan ivana jan petra erik linnea sven freya aoife niall siobhan rhys carys omar "
    "leila yusuf amina arjun priya ravi meera kenji yuki haruto akira wei ling chen";

const std::vector<City>& EnglishCities() {
  static const std::vector<City> kCities = {{"London", "England", "GB"},
                                            {"Manchester", "England", "GB"},
                                            {"Edinburgh", "Scotland", "GB"},
                                            {"Cardiff", "Wales", "GB"},
                                            {"Dublin", "Leinster", "IE"},
                                            {"Berlin", "Berlin", "DE"},
                                            {"Hamburg", "Hamburg", "DE"},
                                            {"Leipzig", "Saxony", "DE"},
                                            {"Stuttgart", "Baden", "DE"},
                                            {"Paris", "Ile-de-France", "FR"},
                                            {"Lyon", "Rhone", "FR"},
                                            {"Bordeaux", "Gironde", "FR"},
                                            {"Toulouse", "Occitanie", "FR"},
                                            {"Amsterdam", "North Holland", "NL"},
                                            {"Utrecht", "Utrecht", "NL"},
                                            {"Rotterdam", "South Holland", "NL"},
                                            {"Brussels", "Brabant", "BE"},
                                            {"Antwerp", "Antwerp", "BE"},
                                            {"Vienna", "Vienna", "AT"},
                                            {"Graz", "Styria", "AT"},
                                            {"Basel", "Basel-Stadt", "CH"},
                                            {"Lausanne", "Vaud", "CH"},
                                            {"Milan", "Lombardy", "IT"},
                                            {"Turin", "Piedmont", "IT"},
                                            {"Bologna", "Emilia-Romagna", "IT"},
                                            {"Madrid", "Madrid", "ES"},
                                            {"Valencia", "Valencia", "ES"},
                                            {"Lisbon", "Lisboa", "PT"},
                                            {"Porto", "Norte", "PT"},
                                            {"Warsaw", "Mazovia", "PL"},
                                            {"Krakow", "Lesser Poland", "PL"},
                                            {"Prague", "Bohemia", "CZ"},
                                            {"Brno", "Moravia", "CZ"},
                                            {"Budapest", "Pest", "HU"},
                                            {"Stockholm", "Uppland", "SE"},
                                            {"Gothenburg", "Vastergotland", "SE"},
                                            {"Oslo", "Oslo", "NO"},
                                            {"Bergen", "Vestland", "NO"},
                                            {"Copenhagen", "Zealand", "DK"},
                                            {"Aarhus", "Jutland", "DK"},
                                            {"Helsinki", "Uusimaa", "FI"},
                                            {"Tallinn", "Harju", "EE"},
                                            {"Riga", "Riga", "LV"},
                                            {"Vilnius", "Vilnius", "LT"},
                                            {"Athens", "Attica", "GR"},
                                            {"Sofia", "Sofia", "BG"},
                                            {"Boston", "Massachusetts", "US"},
                                            {"Chicago", "Illinois", "US"},
                                            {"Denver", "Colorado", "US"},
                                            {"Seattle", "Washington", "US"},
                                            {"Austin", "Texas", "US"},
                                            {"Portland", "Oregon", "US"},
                                            {"Toronto", "Ontario", "CA"},
                                            {"Montreal", "Quebec", "CA"},
                                            {"Sydney", "New South Wales", "AU"},
                                            {"Melbourne", "Victoria", "AU"},
                                            {"Auckland", "Auckland", "NZ"},
                                            {"Singapore", "Singapore", "SG"},
                                            {"Osaka", "Kansai", "JP"},
                                            {"Santiago", "Metropolitana", "CL"}};
  return kCities;
}

}  // namespace

const WordList& CommonWords() {
  static const WordList kWords = Split(kCommon);
  return kWords;
}
const WordList& TradeWords() {
  static const WordList kWords = Split(kTrade);
  return kWords;
}
const WordList& ServiceLabels() {
  static const WordList kWords = Split(kServices);
  return kWords;
}
const WordList& UnitNames() {
  static const WordList kWords = Split(kUnits);
  return kWords;
}
const WordList& GivenNames() {
  static const WordList kWords = Split(kGiven);
  return kWords;
}
const WordList& DeviceNames() {
  static const WordList kWords =
      Split("router nas printer camera switch gateway firewall idrac ipmi pdu ups phone");
  return kWords;
}

const WordList& WordsOf(Language language) {
  static const std::array<WordList, 5> kWords = {CommonWords(), Split(kGerman), Split(kFrench),
                                                 Split(kRussian), Split(kJapanese)};
  return kWords.at(static_cast<size_t>(language));
}

const WordList& SuffixesOf(Language language) {
  static const std::array<WordList, 5> kSuffixes = {
      Split("com org net de co.uk fr io eu nl it info dev ch at pl app cz es se com.au com.br ca "
            "us be dk online xyz site me tech co store cloud edu.pl ac.uk"),
      Split("de at ch com net eu"), Split("fr com ch net be org"), Split("xn--p1ai com net su"),
      Split("jp com net co.jp asia")};
  return kSuffixes.at(static_cast<size_t>(language));
}

const WordList& LegalForms(Language language) {
  static const std::array<WordList, 5> kForms = {Split("Ltd Inc GmbH LLC AG BV SA SRL AB Oy plc"),
                                                 Split("GmbH AG KG e.K."), Split("SARL SA SAS"),
                                                 Split("ООО АО"), Split("合同会社 有限会社")};
  return kForms.at(static_cast<size_t>(language));
}

const std::vector<City>& CitiesOf(Language language) {
  static const std::array<std::vector<City>, 5> kCities = {
      {EnglishCities(),
       {{"München", "Bayern", "DE"},
        {"Köln", "Nordrhein-Westfalen", "DE"},
        {"Nürnberg", "Bayern", "DE"},
        {"Zürich", "Zürich", "CH"},
        {"Würzburg", "Bayern", "DE"}},
       {{"Genève", "Genève", "CH"},
        {"Orléans", "Loiret", "FR"},
        {"Besançon", "Doubs", "FR"},
        {"Liège", "Liège", "BE"}},
       {{"Москва", "Москва", "RU"}, {"Казань", "Татарстан", "RU"}, {"Омск", "Омск", "RU"}},
       {{"東京", "東京都", "JP"}, {"大阪", "大阪府", "JP"}, {"札幌", "北海道", "JP"}}}};
  return kCities.at(static_cast<size_t>(language));
}

std::string PlaceWord(Random& random) {
  static const WordList kFirst = Split(kHeads);
  static const WordList kLast = Split(kTails);
  std::string word(kFirst[random.Below(kFirst.size())]);
  return word.append(kLast[random.Below(kLast.size())]);
}

std::string BrandWord(Random& random) {
  constexpr std::string_view kConsonants = "bdfgklmnprstvz";
  constexpr std::string_view kVowels = "aeiou";
  constexpr std::string_view kEnds = "nrlxsm";
  std::string word;
  const auto take = [&](std::string_view from) { word += from[random.Below(from.size())]; };
  for (int i = 0; i < 3; ++i) {
    take(kConsonants);
    take(kVowels);
  }
  take(kEnds);
  return word;
}

}  // namespace commresolve::bench
