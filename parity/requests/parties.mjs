// Who a token is for: `azp` and the authorized parties, `aud` and the audiences, `iss` and the issuers.
import { PROD, bearer, page, session } from './base.mjs';

const shop = PROD.origin;
const other = 'https://other.example.com';

const AZP = {
  match: shop,
  other,
  missing: undefined,
  empty: '',
  null: null,
  number: 7,
  slash: `${shop}/`,
  upper: shop.toUpperCase(),
  port: `${shop}:443`,
  list: [shop],
  space: ` ${shop}`,
};

const PARTIES = {
  one: [shop],
  two: [other, shop],
  none: undefined,
  empty: [],
  strange: ['', shop],
  text: shop,
  slash: [`${shop}/`],
};

const AUD = {
  missing: undefined,
  match: 'shop-api',
  other: 'mail-api',
  list: ['mail-api', 'shop-api'],
  'list-other': ['mail-api'],
  empty: '',
  'empty-list': [],
  null: null,
  number: 7,
  'list-of-numbers': [7],
  'list-mixed': ['shop-api', 7],
  object: { shop: 1 },
};

const AUDIENCES = {
  text: 'shop-api',
  one: ['shop-api'],
  two: ['shop-api', 'web'],
  none: undefined,
  empty: [],
  'empty-text': '',
  blank: [''],
};

const ISS = {
  match: PROD.issuer,
  other: 'https://clerk.example.com',
  missing: undefined,
  empty: '',
  null: null,
  number: 7,
  slash: `${PROD.issuer}/`,
};

const ISSUERS = {
  none: undefined,
  match: PROD.issuer,
  other: 'https://clerk.example.com',
  list: [PROD.issuer, 'https://old.example.org'],
  empty: '',
};

/** A token in the header and in a cookie. */
function* both(id, token, options) {
  // JavaScript compares a list with a text by making it one.
  const more = { options, ...(id === 'azp-list/parties-text' && { quirk: true }) };
  yield bearer(`header/${id}`, PROD, token, more);
  yield page(`cookie/${id}`, PROD, { __session: token, __client_uat: 1 }, more);
}

export default function* vectors() {
  for (const [name, azp] of Object.entries(AZP)) {
    for (const [list, authorizedParties] of Object.entries(PARTIES)) {
      yield* both(`azp-${name}/parties-${list}`, session({ azp }), authorizedParties && { authorizedParties });
    }
  }
  for (const [name, aud] of Object.entries(AUD)) {
    for (const [list, audience] of Object.entries(AUDIENCES)) {
      const options = audience === undefined ? undefined : { audience };
      yield bearer(`header/aud-${name}/audience-${list}`, PROD, session({ aud }), { options });
    }
    yield page(
      `cookie/aud-${name}`,
      PROD,
      { __session: session({ aud }), __client_uat: 1 },
      { options: { audience: 'shop-api' } },
    );
  }
  for (const [name, iss] of Object.entries(ISS)) {
    for (const [list, issuer] of Object.entries(ISSUERS)) {
      const options = issuer === undefined ? undefined : { issuer };
      yield bearer(`header/iss-${name}/issuer-${list}`, PROD, session({ iss }), { options });
    }
  }
}
