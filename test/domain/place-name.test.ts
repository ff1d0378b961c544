import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameKey } from '../../server/domain/place-name.ts';

/** Spellings of one name each: Ukrainian, Russian, and what has been made of both in Latin letters. */
const sameName: readonly (readonly string[])[] = [
  ['Київ', 'Киев', 'Kyiv', 'Kiev', 'Kyyiv', 'KYIV'],
  ['Харків', 'Харьков', 'Kharkiv', 'Kharkov', 'Khar’kov'],
  ['Львів', 'Львов', 'Lviv', "L'viv", 'Lvov'],
  ['Рівне', 'Ровно', 'Rivne', 'Rovno'],
  ['Чернігів', 'Чернигов', 'Chernihiv', 'Chernigov'],
  ['Одеса', 'Одесса', 'Odesa', 'Odessa'],
  ['Миколаїв', 'Николаев', 'Mykolaiv', 'Nikolaev', 'Nikolayev'],
  ['Вінниця', 'Винница', 'Vinnytsia', 'Vinnitsa', 'Vinnytsya'],
  ['Сєвєродонецьк', 'Северодонецк', 'Sievierodonetsk', 'Severodonetsk'],
  ['Горлівка', 'Горловка', 'Horlivka', 'Gorlovka'],
  ['Ужгород', 'Uzhhorod', 'Uzhgorod'],
  ['Згурівка', 'Zghurivka', 'Zgurovka'],
  ['Єнакієве', 'Енакиево', 'Yenakiieve', 'Enakievo'],
  ['Євпаторія', 'Евпатория', 'Yevpatoriia', 'Evpatoria'],
  ['Кривий Ріг', 'Кривой Рог', 'Kryvyi Rih', 'Kryvyy-Rih', 'Krivoy Rog'],
  ['Щастя', 'Shchastia', 'Shchastya'],
  ['Орёл', 'Орел', 'Oryol', 'Orel'],
];

test('the spellings of a name have one key, and different names different ones', () => {
  const keys = sameName.map((names) => {
    const [key = '', ...others] = new Set(names.map(nameKey));
    assert.deepEqual(others, [], names.join());
    assert.match(key, /^[a-z0-9]+(?: [a-z0-9]+)*$/);
    return key;
  });
  assert.equal(new Set(keys).size, sameName.length);
});

test('a name in letters of no kind that is known has an empty key', () => {
  for (const text of ['', ' ', '基辅', '—', '💥']) assert.equal(nameKey(text), '', text);
});
