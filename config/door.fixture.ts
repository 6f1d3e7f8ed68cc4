/** A graph of two models and a container, on two boxes and in a cloud, with where it runs. */
const doorGraph = `graphs:
  door:
    footage: street
    stages:
      look: { stock: decode }
      blur: { container: stages/blur, image: registry.example/acme/blur, takes: [frame], gives: frame, from: look }
      find: { model: yard, from: blur }
      cut: { stock: crop, from: [blur, find], classes: [person] }
      who: { model: visitor, from: cut }
      known: { stock: index, from: who }
      visits: { stock: events, from: find }
    answer: visits
    queue: 3
    deploy:
      placement: hybrid
      places: { edge: [garden-oslo, lobby-berlin], cloud: [cloud-eu] }
      image: registry.example/acme/fieldproof-stage
      broker:
        site: cloud-eu
        image: registry.example/bases/nats@sha256:${'9'.repeat(64)}
        host: broker.example
        from: [198.51.100.0/24]
        secret: door-broker
places: { edge: {}, cloud: {} }
links: { dsl: { up: 2Mbit/s, down: 16Mbit/s } }
placements:
  door:
    alone: { stages: { "*": cloud } }
    hybrid: { stages: { "*": edge, who: cloud, known: cloud }, link: dsl }
`;

export const doorText = (): string => `version: 1
models:
  yard: { build: models/yard, image: registry.example/acme/yard, task: detection }
  visitor: { build: models/visitor, image: registry.example/acme/visitor, task: embedding }
datasets:
  street: { manifest: datasets/street.yaml }
chipsets:
  cloud: { platform: linux/amd64 }
  edge: { platform: linux/amd64 }
gates:
  yard: [{ dataset: street, metric: event-recall, at-least: 50% }, { dataset: street, metric: false-alarms-per-hour, at-most: 9 }]
  visitor: [{ chipset: edge, metric: latency-p50, margin: 10% }]
deploy:
  controller: flux
  repository: ../fleet.git
  url: https://git.example/acme/fleet.git
  sites:
    - { name: garden-oslo, chipset: edge, link: 2Mbit/s }
    - { name: lobby-berlin, chipset: edge }
    - { name: cloud-eu, chipset: cloud }
${doorGraph}`;
