import type { Actor, Label } from './actors.ts';
import { createAnimal } from './animal.ts';
import { createParcel } from './parcel.ts';
import { createPerson } from './person.ts';
import type { Random } from './random.ts';
import { createVehicle } from './vehicle.ts';

export function createActor(label: Exclude<Label, 'nothing'>, random: Random): Actor {
  if (label === 'person') return createPerson(random);
  if (label === 'vehicle') return createVehicle(random);
  if (label === 'parcel') return createParcel(random);
  return createAnimal(random);
}
