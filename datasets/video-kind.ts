/** How a kind of video is read. */
export type VideoKind = {
  /** FFmpeg's name of its demuxer. */
  demuxer: string;
  /**
   * Where the times of its frames are: in the file; in the file together with the header of its recording; or nowhere, so that
   * whoever lists the clip declares its rate.
   */
  times: 'in the file' | 'in its recording' | 'declared';
  /** Where its tracks, sizes and length are: in its header, or among its packets, which then have to be looked at. */
  tracks: 'in the header' | 'among the packets';
  /** Its clock may jump, as that of a broadcast may, when one recording follows another in one file. */
  jumps: boolean;
};

const inHeader = { times: 'in the file', tracks: 'in the header', jumps: false } as const;
const amongPackets = { times: 'in the file', tracks: 'among the packets', jumps: false } as const;
const mp4: VideoKind = { ...inHeader, demuxer: 'mov' };
// Its header tells when the last picture ends, and not when the first begins.
const matroska: VideoKind = { ...amongPackets, demuxer: 'matroska' };
const fragment: VideoKind = { ...mp4, times: 'in its recording' };
const transport: VideoKind = { ...amongPackets, demuxer: 'mpegts', jumps: true };
const program: VideoKind = { ...amongPackets, demuxer: 'mpeg', jumps: true };
const asf: VideoKind = { ...amongPackets, demuxer: 'asf' };
const h264: VideoKind = { ...amongPackets, demuxer: 'h264', times: 'declared' };
const h265: VideoKind = { ...amongPackets, demuxer: 'hevc', times: 'declared' };

/**
 * The kind is chosen by name, never by content: a playlist that calls itself a clip must not open other files. None of these
 * demuxers opens a second file or asks a network.
 */
const KINDS: ReadonlyMap<string, VideoKind> = new Map([
  ['mp4', mp4],
  ['m4v', mp4],
  ['mov', mp4],
  ['3gp', mp4],
  ['mkv', matroska],
  ['webm', matroska],
  ['avi', { ...amongPackets, demuxer: 'avi' }],
  ['ts', transport],
  ['mts', transport],
  ['m2ts', transport],
  ['mpg', program],
  ['mpeg', program],
  ['flv', { ...amongPackets, demuxer: 'flv' }],
  ['asf', asf],
  ['wmv', asf],
  ['h264', h264],
  ['264', h264],
  ['h265', h265],
  ['265', h265],
  ['hevc', h265],
]);

/** Undefined where no video is read from a file of this name. */
export function videoKind(file: string): VideoKind | undefined {
  // A fragment is an mp4 once the header of its recording goes before it.
  return /\.m4s$/i.test(file) ? fragment : KINDS.get(/\.([a-z0-9]+)$/i.exec(file)?.[1]?.toLowerCase() ?? '');
}

/** A file that is a clip by itself: its name says how it is read, and it keeps the times of its frames. */
export function isVideo(file: string): boolean {
  return videoKind(file)?.times === 'in the file';
}

/** A stream of coded pictures and nothing else, whose rate has to be declared. */
export function isRawVideo(file: string): boolean {
  return videoKind(file)?.times === 'declared';
}

export function isPlaylist(file: string): boolean {
  return /\.m3u8$/i.test(file);
}

/** As remedies name them. */
export const READ_VIDEOS =
  '.mp4, .m4v, .mov, .3gp, .mkv, .webm, .avi, .ts, .mts, .m2ts, .mpg, .mpeg, .flv, .asf, .wmv or .m3u8; or, with `frames-per-second`, .h264, .264, .h265, .265 or .hevc';
