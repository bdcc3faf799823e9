import type { Letter } from '../../common/mail.ts';

/** Every mail that the site writes about accounts. */

const NOT_YOU = 'If it was not you, do nothing: without the link nothing happens.';

export function signUpLetter(to: string, name: string, url: string): Letter {
  return {
    to,
    subject: 'Confirm your address for Glint',
    paragraphs: [
      `Somebody, you most likely, wants an account of the name ${name} at Glint, the alert broker, with this mail address.`,
      'The link below makes the account. It works once, for three days, and asks for the password that was chosen.',
      NOT_YOU,
    ],
    link: { url, label: 'Confirm the address' },
  };
}

/** Instead of a confirmation, for an address that has an account: the page must not tell strangers. */
export function knownAddressLetter(to: string, name: string, url: string): Letter {
  return {
    to,
    subject: 'You have an account at Glint already',
    paragraphs: [
      `Somebody, you most likely, asked for an account at Glint with this mail address, or wants to move one to it. It has an account already: ${name}.`,
      'If you have forgotten its password, you can set another. If it was not you, do nothing.',
    ],
    link: { url, label: 'Set another password' },
  };
}

export function passwordLetter(to: string, name: string, url: string): Letter {
  return {
    to,
    subject: 'Set another password for Glint',
    paragraphs: [
      `Somebody, you most likely, wants to set another password for your account ${name} at Glint.`,
      'The link below does that. It works once, for two hours.',
      NOT_YOU,
    ],
    link: { url, label: 'Set another password' },
  };
}

export function newEmailLetter(to: string, name: string, url: string): Letter {
  return {
    to,
    subject: 'Confirm your new address for Glint',
    paragraphs: [
      `The account ${name} at Glint is to have this mail address. The link below confirms it. It works once, for a day.`,
      NOT_YOU,
    ],
    link: { url, label: 'Confirm the new address' },
  };
}

/** To the old address, when another is asked for: its owner can still step in. */
export function emailAskedLetter(to: string, name: string, newEmail: string, url: string): Letter {
  return {
    to,
    subject: 'Your account at Glint is to have another address',
    paragraphs: [
      `Somebody who knows its password asked that your account ${name} at Glint be moved to the mail address ${newEmail}. It will be, as soon as that address is confirmed.`,
      'If it was not you, set another password now: that ends all sessions and the change.',
    ],
    link: { url, label: 'Set another password' },
  };
}

export function emailChangedLetter(to: string, name: string, newEmail: string): Letter {
  return {
    to,
    subject: 'Your account at Glint has another address',
    paragraphs: [
      `Your account ${name} at Glint now has the mail address ${newEmail}. Nothing is sent to this one any more.`,
      'If that was not you, write to whoever runs the site.',
    ],
  };
}

export function passwordChangedLetter(to: string, name: string, url: string): Letter {
  return {
    to,
    subject: 'Your password at Glint was changed',
    paragraphs: [
      `The password of your account ${name} at Glint was changed, and all other sessions were ended. API tokens go on working: your profile lists them.`,
      'If it was not you, set another password at once.',
    ],
    link: { url, label: 'Set another password' },
  };
}

export function accountDeletedLetter(to: string, name: string): Letter {
  return {
    to,
    subject: 'Your account at Glint was deleted',
    paragraphs: [
      `Your account ${name} at Glint and what belonged to it were deleted, as you asked.`,
    ],
  };
}
