import { posix } from 'node:path';
import type { Place, Problem } from '#kernel';
import { readBounded } from './bounded-list.ts';
import type { Checked } from './declared.ts';
import { pathFault } from './safe-path.ts';
import { videoKind } from './video-kind.ts';

/** A segment of a playlist and the header that goes before it, as paths below the dataset's root. */
export type ListedSegment = { file: string; header: string | null };

const REMEDY =
  'let it list plain files beside it or below, whole and not encrypted, as `ffmpeg -f hls -hls_playlist_type vod` does';

/**
 * The segments of an HLS media playlist (RFC 8216), which is read here and by nobody else: FFmpeg's own reader would follow it to
 * other places and other hosts. What names a place, a part of a file or a key is refused.
 * @param path of the playlist below the root
 */
export function readPlaylist(text: string, path: string, at: Place): Checked<readonly ListedSegment[]> {
  return readBounded(text, at, () => readLines(text, path, at));
}

function readLines(text: string, path: string, at: Place): Checked<readonly ListedSegment[]> {
  const segments: ListedSegment[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines[0]?.trim() !== '#EXTM3U') return refused(at, 1, 'is no playlist: it does not begin with #EXTM3U');
  let header: string | null = null;
  for (const [index, line] of lines.entries()) {
    const written = line.trim();
    const fault = tagFault(written);
    if (fault !== undefined) return refused(at, index + 1, fault);
    const map = /^#EXT-X-MAP:.*URI="([^"]*)"/.exec(written)?.[1];
    const name = map ?? (written === '' || written.startsWith('#') ? undefined : written);
    if (name === undefined) continue;
    const file = posix.join(posix.dirname(path), name);
    const wrong = nameFault(name) ?? (map === undefined ? kindFault(file, header) : undefined);
    if (wrong !== undefined) return refused(at, index + 1, `${JSON.stringify(name)} ${wrong}`);
    if (map !== undefined) header = file;
    else segments.push({ file, header });
  }
  if (segments.length === 0) return refused(at, 1, 'lists no segments');
  return { value: segments, problems: [] };
}

function tagFault(line: string): string | undefined {
  if (line.startsWith('#EXT-X-STREAM-INF')) return 'lists other playlists: name one of them as the clip';
  if (line.startsWith('#EXT-X-KEY') && !line.includes('METHOD=NONE')) return 'is encrypted';
  if (line.startsWith('#EXT-X-BYTERANGE') || /^#EXT-X-MAP:.*BYTERANGE=/.test(line)) return 'takes parts of files';
  if (line.startsWith('#EXT-X-MAP') && !/URI="[^"]+"/.test(line)) return 'names no file';
  return undefined;
}

function nameFault(name: string): string | undefined {
  if (/^[^/]*:/.test(name)) return 'is an address, and only files are read';
  return pathFault(name);
}

/** A header's bytes are put before those of its segments by a list in which `|` parts them. */
function kindFault(file: string, header: string | null): string | undefined {
  const kind = videoKind(file);
  if (kind === undefined || kind.times === 'declared') return 'is not a kind of segment that is read';
  if (kind.times === 'in its recording' && header === null) return 'is a fragment, and no header (EXT-X-MAP) comes before it';
  if (header !== null && `${file}${header}`.includes('|')) return 'holds a |';
  return undefined;
}

function refused(at: Place, line: number, message: string): Checked<readonly ListedSegment[]> {
  const problem: Problem = { ...at, line, message, remedy: REMEDY };
  return { value: [], problems: [problem] };
}
