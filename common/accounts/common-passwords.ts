/**
 * What lists of leaked passwords begin with, as words without their digits and signs: what is made of
 * one of these is guessed first, however long it is.
 */
export const COMMON_PASSWORDS = new Set(
  `abc abcd abcde abcdef abcdefg abcdefgh abcdefghij access account admin administrator aladin alert alerts
  amanda andrea andrew angel anthony apple arsenal ashley asdf asdfasdf asdfgh asdfghjkl asdfjkl
  asteroid astro astronomer astronomy august autumn azerty babygirl bailey banana baseball
  basketball batman biteme blackhole blink broker butterfly carlos changeme changeit charlie cheese
  chelsea chocolate comet computer corvette cosmos dallas daniel database december default diamond
  dragon eclipse einstein eminem empire everton february football forever freedom friends galaxy
  galileo gandalf george ginger glint glintpassword google guest hannah harley hello helloworld
  hottie hubble hunter iloveu iloveyou iloveyouso internet iwantu january jasmine jennifer jessica
  jordan joshua july june justin kepler killer lasair letmein letmeinnow letmeinplease liverpool
  login london loveme lovely lovelove lsst lucky maggie march master matrix matthew merlin michael
  michelle mickey monday monkey morgan mother mustang mypassword naruto nebula newton nicole nothing
  november observatory october orion oracle pass passme passpass passphrase password passwordpassword
  passwort patrick peanut pepper photon planet pokemon power princess pulsar purple qaz qazwsx
  qazwsxedc quasar qwe qweasd qweasdzxc qweqwe qwer qwert qwertasdfg qwertqwert qwerty qwertyqwerty
  qwertyui qwertyuiop ranger robert root rubin samantha samsung science secret secretsecret security
  september server shadow silver soccer spiderman spring starwars stars summer sunday sunshine
  superman supernova supersecret superstar supervisor sydney taylor telescope temp temporary test
  testing testtest thomas thunder tigger trustno trustme universe user username vanessa welcome
  welcomehome welcometo whatever whatsup william winter wordpass yankees yellow zaq zaqxsw zaqwsx
  zwicky zxcvbn zxcvbnm`.split(/\s+/),
);
