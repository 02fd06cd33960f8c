// On Vercel's hosts the package finds its proxy by itself, from environment variables.
import { INSTANCES, NOW, page, signedIn } from './base.mjs';

const HOST = 'parity-shop.vercel.app';
const on = { VERCEL_TARGET_ENV: 'production', VERCEL_PROJECT_PRODUCTION_URL: HOST };

const ENVIRONMENTS = {
  on,
  preview: { ...on, VERCEL_TARGET_ENV: 'preview' },
  'no-target': { VERCEL_PROJECT_PRODUCTION_URL: HOST },
  'no-address': { VERCEL_TARGET_ENV: 'production' },
  'own-domain': { ...on, VERCEL_PROJECT_PRODUCTION_URL: 'shop.example.org' },
  'with-scheme': { ...on, VERCEL_PROJECT_PRODUCTION_URL: `https://${HOST}` },
  'suffix-in-name': { ...on, VERCEL_PROJECT_PRODUCTION_URL: 'parity.vercel.app.example.net' },
  'upper-case': { ...on, VERCEL_PROJECT_PRODUCTION_URL: 'PARITY.VERCEL.APP' },
  'old-variable': { VERCEL_ENV: 'production', VERCEL_PROJECT_PRODUCTION_URL: HOST },
  disabled: { ...on, CLERK_DISABLE_AUTO_PROXY: 'true' },
  'disabled-1': { ...on, CLERK_DISABLE_AUTO_PROXY: '1' },
  'disabled-false': { ...on, CLERK_DISABLE_AUTO_PROXY: 'false' },
  'disabled-empty': { ...on, CLERK_DISABLE_AUTO_PROXY: '' },
};

export default function* vectors() {
  for (const at of INSTANCES) {
    for (const [name, env] of Object.entries(ENVIRONMENTS)) {
      yield page(`${at.name}/${name}`, at, { __client_uat: NOW - 30 }, { env });
    }
    const own = `https://${HOST}/orders`;
    yield page(`${at.name}/on/own-host`, at, { __client_uat: NOW - 30 }, { env: on, url: own });
    yield page(`${at.name}/on/signed-in`, at, signedIn(at), { env: on });
    yield page(`${at.name}/on/domain`, at, { __client_uat: NOW - 30 }, { env: on, options: { domain: 'example.org' } });
    yield page(
      `${at.name}/on/proxy`,
      at,
      { __client_uat: NOW - 30 },
      { env: on, options: { proxyUrl: 'https://proxy.example.net/__clerk' } },
    );
    yield page(
      `${at.name}/on/forwarded`,
      at,
      { __client_uat: NOW - 30 },
      {
        env: on,
        headers: [
          ['x-forwarded-host', HOST],
          ['x-forwarded-proto', 'https'],
        ],
      },
    );
  }
}
