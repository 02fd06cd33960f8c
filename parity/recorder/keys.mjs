// Makes keys.json: RSA keys that sign the tokens of the vectors. Run once; the recorded vectors depend on the keys.
//
//     node parity/recorder/keys.mjs > parity/keys.json
//
// THESE ARE TEST KEYS. They are public, belong to no Clerk instance and protect nothing.
import { generateKeyPairSync } from 'node:crypto';

const WARNING = 'TEST KEYS: public, of no Clerk instance, they protect nothing';

/** `current` and `rotated` are in the JWKS of the recorder; `foreign` is the key of another instance. */
const IDS = { current: 'ins_parity', rotated: 'ins_parity_rotated', foreign: 'ins_other' };

const make = kid => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    kid,
    private: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    public: publicKey.export({ type: 'spki', format: 'pem' }),
    jwk: { use: 'sig', kid, alg: 'RS256', ...publicKey.export({ format: 'jwk' }) },
  };
};

const keys = Object.fromEntries(Object.entries(IDS).map(([name, kid]) => [name, make(kid)]));
console.log(JSON.stringify({ warning: WARNING, ...keys }, null, 2));
