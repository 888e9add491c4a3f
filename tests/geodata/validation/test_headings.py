"""A colleague's file with headings of its own maps by itself: what people write over a column, in three languages."""

from __future__ import annotations

import pytest

from geodata.records.table import RawRow
from geodata.validation.mapping import guess_mapping

SCHOOLS = {
    "code": ("S-001", "S-002", "S-004"),
    "name_ky": ("Ак-Терек орто мектеби", "Көк-Жар мектеби", "Өзгөн мектеби"),
    "name_ru": ("Средняя школа № 1", "Школа имени Токтогула", "Средняя школа № 7"),
    "name_en": ("Ak-Terek school", "Secondary school No. 2", "Uzgen school"),
    "name": ("Ак-Терек мектеби", "Школа имени Токтогула", "Uzgen school"),
    "lat": ("42.81", "41.43", "40.77"),
    "lon": ("74.61", "75.99", "73.30"),
    "coordinates": ("42.81, 74.61", "41.43, 75.99", "40.77, 73.30"),
    "area_code": ("41708213000000", "41704245000000", "41706255000000"),
    "aimak_code": ("41708213800010", "41704245800020", "41706255800030"),
    "oblast_code": ("41708000000000", "41704000000000", "41706000000000"),
    "area_name": ("Кемин району", "Нарын району", "Өзгөн району"),
    "aimak_name": ("Чоң-Кемин айыл аймагы", "Эмгекчил", "Жалпак-Таш"),
    "oblast_name": ("Чүй облусу", "Нарын облусу", "Ош облусу"),
    "kind": ("орто", "негизги", "гимназия"),
    "ownership": ("муниципалдык", "мамлекеттик", "менчик"),
    "languages": ("кыргызча", "орусча", "өзбекче"),
    "pupils": ("300", "415", "1210"),
    "seats": ("250", "400", "640"),
    "shifts": ("1", "2", "3"),
    "staff": ("25", "31", "80"),
    "boarding_pupils": ("40", "120", "0"),
    "opened_on": ("1985-09-01", "1972-09-01", "2001-09-01"),
    "closed_on": ("2019-09-01", "2020-09-01", "2021-09-01"),
    "year_built": ("1985", "1972", "2001"),
    "wall_material": ("кирпич", "саман", "панель"),
    "replacement_som": ("12000000", "8500000", "30000000"),
    "dated": ("2025-05-01", "2025-05-02", "2025-05-03"),
    "emis": ("100234", "100235", "100299"),
    "tax": ("02005199510012", "02005199510013", "02005199510014"),
}
"""Values of each field as they come, three unlike ones."""

SCHOOL_HEADINGS = """
code: Мектептин коду | Мекеменин коду | Код школы | Код учреждения | Код организации | School ID | Institution ID
name_ky: Кыргызча аты | Мектептин аталышы (кыргызча) | Аталышы (кырг.) | Название (кырг.) | School name (Kyrgyz)
name_ru: Наименование ОО | Полное наименование организации | Название (рус.) | Орусча аты | School name (Russian)
name_en: Англисче аты | Название (англ.) | School name (English) | Name in English
name: Школа / мектеп | Название учреждения | Мекеменин аталышы | School title | Мектеп
lat: Кеңдик | Кеңдиги | Широта, ° | Latitude (WGS84) | GPS_широта | Y координата | lat_wgs84
lon: Узундук | Узундугу | Долгота, ° | Longitude (WGS84) | GPS_долгота | X координата | lon_wgs84
coordinates: Координаттар | Координаты GPS | GPS coordinates | Геокоординаты
area_code: Райондун коду | Код СОАТЕ | Код района | Rayon code | СОАТЕ коду | Район (код)
aimak_code: Айыл аймактын коду | Код айылного аймака | Aimak code | Код айыл окмоту | Айыл өкмөтүнүн коду
oblast_code: Облустун коду | Код области | Oblast code | Region code
area_name: Район же шаар | Район/город | Район или город | District name | Наименование района |
  Райондун аталышы | Район, шаар
aimak_name: Айыл аймагы | Айыл өкмөтү | Айылный аймак | Айыльный аймак | Айылный округ | Aiyl aimak |
  Ayil okmotu | Village council
oblast_name: Облус | Облус, шаар | Область | Наименование области | Oblast | Region name | Облустун аталышы
kind: Мектептин түрү | Мектептин тиби | Тип учреждения | Вид ОО | School type | Type of school
ownership: Менчик түрү | Менчиктин түрү | Форма собственности | Тип собственности | Ownership type
languages: Окутуу тили | Окуу тили | Язык обучения | Языки преподавания | Teaching language
pupils: Окуучулардын саны | Окуучунун саны | Окуучулар, адам | Число учеников | Кол-во учащихся |
  Количество детей | Всего учащихся | Students total | Number of pupils | Total enrolment
seats: Орундар | Орундардын саны | Окуучу орундары | Долбоор боюнча орундар | Места по проекту | Кол-во мест |
  Число мест | Ученические места | Проектная мощность, мест | Design capacity | Number of seats | Student places
shifts: Сменалар | Сменанын саны | Нөөмөттүн саны | Сменность обучения | Кол-во смен | Number of shifts | No of shifts
boarding_pupils: Жатаканада жашаган окуучулар | Проживает в интернате | Кол-во воспитанников интерната | Boarders |
  Учащихся, живущих в интернате | Интернатта жашагандар | Pupils who board
staff: Кызматкерлер | Мугалимдердин саны | Штат | Число работников | Кол-во учителей | Персонал, чел. |
  Number of teachers | Staff count
opened_on: Ачылган датасы | Дата основания | Date opened
closed_on: Жабылган датасы | Дата ликвидации | Date closed
year_built: Курулган жылы | Курулуш жылы | Имараттын курулган жылы | Год постройки здания | Год возведения |
  Build year | Year of construction
wall_material: Дубалдын материалы | Дубалы | Материал стен | Стеновой материал | Wall type
replacement_som: Баланстык наркы, сом | Наркы (сом) | Балансовая стоимость, сом |
  Восстановительная стоимость, сом | Replacement cost (KGS)
dated: Маалыматтын датасы | Абалы боюнча | Дата актуальности | Дата сведений | По состоянию на | As of date
emis: ИСУО коду | Код ИСУО | ББМС коду | EMIS number | EMIS ID
tax: ИНН | ИНН организации | СИН | Салык төлөөчүнүн номери | Taxpayer number
"""

BUILDINGS = {
    "code": ("B-1", "B-2", "B-4"),
    "school_code": ("S-1", "S-2", "S-4"),
    "name": ("Блок А", "Спорт залы", "Блок Б"),
    "use": ("окуу", "ашкана", "спортзал"),
    "building_type": ("KG-RCF-M", "KG-URM-L", "KG-ADB-L"),
    "year_built": ("1985", "1972", "2001"),
    "storeys": ("1", "2", "3"),
    "area_m2": ("1200.5", "640", "2100"),
    "condition": ("жакшы", "начар", "жакшы"),
    "design_series": ("222-1-264", "2С-02-9", "65-426"),
    "heating": ("газ", "көмүр", "электр"),
    "pupil_share": ("0.5", "0.25", "0.25"),
    "soil_class": ("II", "III", "I"),
}
BUILDING_HEADINGS = """
code: Имараттын коду | Блоктун коду | Код здания | Код корпуса | Building ID | Block ID
school_code: Мектептин коду | Код школы | School code | Код учреждения
name: Имараттын аталышы | Блоктун аталышы | Наименование корпуса | Корпус | Building name
use: Колдонулушу | Имараттын максаты | Назначение здания | Вид использования | Usage | Building use
building_type: Имараттын түрү | Имараттын тиби | Тип здания | Конструктивный тип здания | Building typology
year_built: Курулган жылы | Год постройки | Year built | Год сдачи в эксплуатацию
storeys: Кабаты | Кабаттардын саны | Этажность | Кол-во этажей | Number of storeys | No. of floors
area_m2: Аянты, м² | Жалпы аянты, чарчы метр | Общая площадь, кв.м | Площадь, м² | Floor area (m2) | Total area, sq m
condition: Имараттын абалы | Техникалык абалы | Техническое состояние | Состояние здания | Building condition
design_series: Типтүү долбоор | Долбоордун сериясы | Серия проекта | Типовой проект | Design series
heating: Жылытуу түрү | Жылуулук | Тип отопления | Отопление | Heating type
pupil_share: Окуучулардын үлүшү | Доля учащихся | Доля учеников | Share of pupils
soil_class: Топурактын классы | Кыртыштын категориясы | Категория грунта |
  Категория грунта по сейсмическим свойствам | Soil category
"""

ANSWERS = {
    "school_code": ("S-1", "S-2", "S-4"),
    "criterion_code": ("SITE-01", "STR-03", "FIRE-04"),
    "building_code": ("B-1", "B-2", "B-4"),
    "state": ("ооба", "жок", "ооба"),
    "value": ("1.2", "0.9", "2"),
    "assessed_on": ("2025-05-01", "2025-05-02", "2025-05-03"),
    "note": ("жаңы эшик", "оңдоо керек", "жок эле"),
    "kind": ("өзүн-өзү", "текшерүү", "өзүн-өзү"),
    "assessor": ("А. Асанов", "Б. Үсөнова", "В. Ким"),
}
ANSWER_HEADINGS = """
school_code: Мектептин коду | Код школы | School ID
criterion_code: Критерийдин коду | Критерий | Суроонун коду | Код критерия | Код вопроса | Criterion code |
  Question code
building_code: Имараттын коду | Блок | Код здания | Building code
state: Жообу | Жооп | Ответ | Результат проверки | Answer | Response
value: Өлчөнгөн мааниси | Мааниси | Значение показателя | Измеренное значение | Measured value
assessed_on: Баалоо датасы | Текшерүү күнү | Дата оценки | Дата осмотра | Inspection date | Visit date
note: Эскертүү | Комментарий | Примечание | Comments
kind: Баалоонун түрү | Вид оценки | Assessment type
assessor: Баалоочу | Эксперттин аты-жөнү | ФИО эксперта | Кто проводил оценку | Inspector name
"""

AREAS = {
    "code": ("41708213000000", "41704245000000", "41706255000000"),
    "pcode": ("KG08213000000", "KG04245000000", "KG06255000000"),
    "name_ky": ("Кемин району", "Нарын району", "Өзгөн району"),
    "name_ru": ("Кеминский район", "Нарынский район", "Узгенский район"),
    "name_en": ("Kemin district", "Naryn district", "Uzgen district"),
    "parent_code": ("41708000000000", "41704000000000", "41706000000000"),
    "level": ("2", "2", "2"),
    "valid_from": ("2025-01-01", "2025-01-01", "2024-07-01"),
    "valid_to": ("2026-01-01", "2026-01-01", "2026-01-01"),
    "former_names": ("Быстровка району", "Тянь-Шань району", "Үзгөн"),
    "population": ("45000", "54210", "260100"),
    "poverty_index": ("0.31", "0.42", "0.18"),
}
AREA_HEADINGS = """
code: СОАТЕ коду | Код СОАТЕ | Аймактын коду | Код территории | SOATE code
pcode: P-code | PCODE | Пи-код
name_ky: Аталышы (кыргызча) | Кыргызча аты | Название на кыргызском языке | Name (Kyrgyz)
name_ru: Орусча аталышы | Название на русском языке | Наименование (рус.) | Name (Russian)
name_en: Англисче аталышы | Название на английском языке | Name (English)
parent_code: Жогорку бирдиктин коду | Жогорку аймактын коду | Код вышестоящей территории | Parent code
level: Деңгээли | Административдик деңгээл | Уровень | Административный уровень | Admin level
valid_from: Күчүнө кирген күнү | Дата начала действия | Действует с | Valid from | Effective from
valid_to: Күчүн жоготкон күнү | Дата окончания действия | Действует до | Valid until
former_names: Мурдагы аталышы | Мурунку аты | Прежнее название | Старое название | Former name
population: Калкы | Калктын саны | Численность населения | Население, чел. | Population total
poverty_index: Жакырчылык деңгээли | Жакырчылык, % | Уровень бедности | Доля бедных | Poverty rate
"""

HAZARD = {
    "level": ("1", "2", "4"),
    "value": ("0.25", "0.31", "0.4"),
    "name": ("Ак-Суу сели", "Көк-Жар", "Чоң-Таш"),
}
HAZARD_HEADINGS = """
level: Коркунуч деңгээли | Коркунучтун даражасы | Уровень опасности | Степень риска | Класс опасности |
  Hazard class | Risk level
value: Мааниси | Значение | Интенсивность | Hazard value | Тереңдиги, м | Глубина затопления, м | Depth, m
name: Аталышы | Аты | Название | Наименование | Name
"""

TABLES = {
    "schools": (SCHOOL_HEADINGS, SCHOOLS),
    "buildings": (BUILDING_HEADINGS, BUILDINGS),
    "answers": (ANSWER_HEADINGS, ANSWERS),
    "areas": (AREA_HEADINGS, AREAS),
    "hazard": (HAZARD_HEADINGS, HAZARD),
}
NEIGHBOURS = {
    "schools": ("code", "name_ru", "lat", "lon", "area_code", "pupils", "seats", "shifts"),
    "buildings": ("code", "school_code", "building_type", "year_built", "storeys"),
    "answers": ("school_code", "criterion_code", "state", "assessed_on"),
    "areas": ("code", "name_ky", "parent_code", "level"),
    "hazard": ("level", "name"),
}
"""What stands beside the column that is asked about, under the names of fields."""


def _cases():
    for kind, (headings, values) in TABLES.items():
        for line in headings.replace("|\n ", "|").strip().splitlines():
            field, _, written = line.partition(": ")
            for heading in written.split(" | "):
                yield pytest.param(kind, field, heading, values, id=f"{kind} {field}: {heading}")


@pytest.mark.parametrize(("kind", "field", "heading", "values"), list(_cases()))
def test_heading_is_recognised(kind, field, heading, values):
    hidden_by = {"name": {"name_ky", "name_ru"}, "coordinates": {"lat", "lon"}}.get(field, set())
    beside = [one for one in NEIGHBOURS[kind] if one != field and one not in hidden_by]
    columns = [*beside, heading]
    rows = [RawRow(number, tuple(values[one][number - 2] for one in (*beside, field))) for number in range(2, 5)]

    mapping = guess_mapping(columns, rows, kind)

    assert mapping.columns.get(field) == heading
    assert {one: mapping.columns.get(one) for one in beside} == {one: one for one in beside}
