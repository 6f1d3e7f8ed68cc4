import { describe, expect, it } from 'vitest';
import { KUSTOMIZATIONS, pathOf, selectObjects, selectPods } from './selection.ts';

const flux = (name: string, namespace = 'flux-system') => ({ namespace, name });
const base = '/apis/kustomize.toolkit.fluxcd.io/v1';

describe('what a server is asked for', () => {
  it('is one object by its name, where there is one', () => {
    expect(selectObjects(KUSTOMIZATIONS, [flux('a')])).toEqual({
      path: `${base}/namespaces/flux-system/kustomizations`,
      query: { fieldSelector: 'metadata.name=a' },
    });
  });

  it('is a namespace where there are several, and all of them where they are in several', () => {
    expect(selectObjects(KUSTOMIZATIONS, [flux('a'), flux('b')])).toEqual({
      path: `${base}/namespaces/flux-system/kustomizations`,
      query: {},
    });
    expect(selectObjects(KUSTOMIZATIONS, [flux('a'), flux('b', 'teams')])).toEqual({ path: `${base}/kustomizations`, query: {} });
  });

  it('is pods by the labels that all places name', () => {
    const labels = (app: string) => ({ app, site: 'oslo' });
    const places = ['a', 'b'].map((app) => ({ namespace: app, labels: labels(app) }));
    expect(selectPods(places)).toEqual({ path: '/api/v1/pods', query: { labelSelector: 'app in (a,b),site=oslo' } });
    expect(selectPods([...places, { namespace: 'c', labels: { site: 'oslo' } }]).query).toEqual({ labelSelector: 'site=oslo' });
    expect(
      selectPods([
        { namespace: 'c', labels: { app: 'a' } },
        { namespace: 'c', labels: { other: 'a' } },
      ]),
    ).toEqual({ path: '/api/v1/namespaces/c/pods', query: {} });
  });

  it('is pods by the key of a label alone, where its values would make too long a URL', () => {
    const places = Array.from({ length: 21 }, (_, index) => ({ namespace: 'a', labels: { site: `s${index}` } }));
    expect(selectPods(places).query).toEqual({ labelSelector: 'site' });
  });

  it('cannot be led astray by a name', () => {
    expect(pathOf(KUSTOMIZATIONS, flux('../../secrets/x?a=b'))).toBe(
      `${base}/namespaces/flux-system/kustomizations/..%2F..%2Fsecrets%2Fx%3Fa%3Db`,
    );
  });
});
