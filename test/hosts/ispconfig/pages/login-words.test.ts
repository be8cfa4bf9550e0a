import assert from 'node:assert/strict';
import { test } from 'node:test';
import { saidOn } from '../../../../src/hosts/ispconfig/pages/login-words.js';

/** What the panel's languages call a password, how they say that somebody is blocked, and that one is to wait. */
const LANGUAGES: readonly (readonly [code: string, password: string, blocked: string, wait: string])[] = [
  ['ar', 'Password', 'is blocked', 'after 15 minutes'],
  ['bg', 'Парола', 'is blocked', 'after 15 minutes'],
  ['br', 'Senha', 'está bloqueado', 'dentro de 15 minutos'],
  ['ca', 'Mot de passe', 'a été bloqué', 'dans 15 minutes'],
  ['cn', '密码', '已被阻止', '15分钟后'],
  ['cz', 'Heslo', 'je blokován', 'za 15 minut'],
  ['de', 'Passwort', 'ist gesperrt', '15 Minuten warten'],
  ['dk', 'Adgangskode', 'er blokeret', 'efter 15 minutter'],
  ['el', 'Συνθηματικό', 'έχει μπλοκαριστεί', 'μετά από 15 λεπτά'],
  ['en', 'Password', 'is blocked', 'after 15 minutes'],
  ['es', 'Contraseña', 'está bloqueado', 'dentro de 15 minutos'],
  ['fi', 'Salasana', 'on estetty', '15 minuutin kuluttua'],
  ['fr', 'Mot de passe', 'a été bloqué', 'dans 15 minutes'],
  ['hr', 'Šifra', 'je blokiran', 'za 15 minuta'],
  ['hu', 'Password', 'is blocked', 'after 15 minutes'],
  ['id', 'Kata Sandi', 'telah diblokir', 'setelah 15 menit'],
  ['it', 'Password', 'è bloccato', 'tra 15 minuti'],
  ['ja', 'パスワード', '拒否されました', '15分後'],
  ['nl', 'Wachtwoord', 'is geblokkeerd', 'na 15 minuten'],
  ['pl', 'Hasło', 'zostało zablokowane', 'za 15 minut'],
  ['pt', 'Senha', 'está bloqueado', 'dentro de 15 minutos'],
  ['ro', 'Password', 'is blocked', 'after 15 minutes'],
  ['ru', 'Пароль', 'заблокирован', 'через 15 минут'],
  ['se', 'Lösenord', 'är blockerad', '15 minuter'],
  ['sk', 'Heslo', 'je blokovaný', 'po 15 minútach'],
  ['tr', 'Parola', 'engellenmiş', '15 dakika sonra'],
];

const form = (password: string) =>
  `<form method="post" action="index.php"><input name="username"><input name="password" type="password" placeholder="${password}"></form>`;
const page = (message: string, password = 'Password') =>
  `<html><body><div class="alert alert-danger" role="alert"><div class="box box_error">${message}</div></div>${form(password)}</body></html>`;

for (const [code, password, blocked, wait] of LANGUAGES)
  test(`only "wrong" is wrong in ${code}, with and without the notice of the maintenance`, () => {
    for (const notice of ['', `<strong>${password} 2000</strong><br><br>`]) {
      const said = (message: string) => saidOn(page(notice + message, password));
      assert.equal(said(`x ${password.toLowerCase()} y.`), 'wrong');
      assert.equal(said('A sentence that nobody knows.'), 'wrong');
      assert.equal(said(`x ${blocked}.`), 'neither');
      assert.equal(said(`x, ${wait}.`), 'neither');
      assert.equal(said('x &gt; 64 y'), 'neither', 'the name was not looked for');
      assert.equal(said(`${password} &lt; 1, &gt; 256`), 'neither', 'it was not compared');
      assert.equal(said(`x ${password}, ${blocked} (${wait})`), 'wrong', "an operator's own words");
    }
  });

const MESSAGES: readonly (readonly [what: string, html: string, said: string])[] = [
  ['maintenance alone', page('<strong>Back soon, in 10 minutes.</strong><br><br>'), 'neither'],
  ['an empty box', page(' \n'), 'neither'],
  ['no box', form('Password'), 'neither'],
  ['no login page', 'Possible attack detected. This action has been logged.', 'neither'],
  ['nothing', '', 'neither'],
  ["a wrong password with the note of a fault of the panel's database", page('Password wrong.1'), 'wrong'],
  ["a theme's own box", `<p class="alert">Password wrong.</p>${form('Password')}`, 'wrong'],
  ["a theme's own box for whoever cannot see", `<p role="alert">Wrong.</p>${form('Password')}`, 'wrong'],
  ["a theme's strong box", page('x').replace(/<div class="box[^<]*x<\/div>/, '<strong>$&</strong>'), 'wrong'],
  ['a theme with no word for the password', page('Password wrong, or blocked.', ''), 'neither'],
];
for (const [what, html, said] of MESSAGES)
  test(`${what}: ${said}`, () => {
    assert.equal(saidOn(html), said);
  });
