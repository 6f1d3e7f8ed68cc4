import type { Problem } from '#kernel';
import type { UsedFile } from '../check-files.ts';
import { clipId, type DeclaredClip } from '../declared.ts';
import { readPlaylist, type ListedSegment } from '../playlist.ts';
import { isVideo } from '../video-kind.ts';
import type { DataTree } from './data-folder.ts';
import { listNamed, listPictures } from './list-pictures.ts';
import type { Gathering } from './manifest-texts.ts';

/** The files of clips that are more than one file, by the clips' ids; of none that is not there. */
export type ClipFiles = {
  /** Frames or segments in order; not the playlist, which is a text. */
  files: ReadonlyMap<string, readonly string[]>;
  /** Of folders and playlists of segments. */
  segments: ReadonlyMap<string, readonly ListedSegment[]>;
  problems: readonly Problem[];
};

/** What reads a text of the data, once its pin was compared. */
type Texts = Pick<Gathering, 'data'>;

type Listed = { files: readonly string[]; segments: readonly ListedSegment[]; problems: readonly Problem[] };

export async function listClipFiles(clips: readonly DeclaredClip[], folder: DataTree, gathering: Texts): Promise<ClipFiles> {
  const lists = clips.map(async ({ media }) => [clipId(media), await listOne(media, folder, gathering)] as const);
  const listed = (await Promise.all(lists)).flatMap(([id, list]) => (list === undefined ? [] : [[id, list] as const]));
  return {
    files: new Map(listed.map(([id, { files }]) => [id, files])),
    segments: new Map(listed.map(([id, { segments }]) => [id, segments])),
    problems: listed.flatMap(([, { problems }]) => problems),
  };
}

/** A clip that is not there stands for itself, so that it is named as missing. */
export function usedBy(clip: DeclaredClip, files: ClipFiles['files']): readonly UsedFile[] {
  const id = clipId(clip.media);
  const field = { video: 'file', playlist: 'file', segments: 'segments', frames: 'frames' }[clip.media.kind];
  return (files.get(id) ?? [id]).map((path) => ({ path, at: clip.at([field]) }));
}

async function listOne(media: DeclaredClip['media'], folder: DataTree, gathering: Texts): Promise<Listed | undefined> {
  if (media.kind === 'playlist') return await listPlaylist(media.file, folder, gathering);
  if (media.kind === 'video') return undefined;
  const names = await (media.kind === 'frames' ? listPictures(folder, media.folder) : listNamed(folder, media.folder, isVideo));
  const files = names?.map((name) => `${media.folder}/${name}`);
  if (files === undefined) return undefined;
  return { files, segments: media.kind === 'frames' ? [] : files.map((file) => ({ file, header: null })), problems: [] };
}

async function listPlaylist(path: string, folder: DataTree, gathering: Texts): Promise<Listed | undefined> {
  if ((await folder.kindOf(path)) !== 'file') return undefined;
  const { text, display } = await gathering.data(path);
  const { value: segments, problems } = readPlaylist(text, path, { file: display });
  const files = new Set(segments.flatMap(({ file, header }) => (header === null ? [file] : [header, file])));
  return { files: [...files], segments, problems };
}
