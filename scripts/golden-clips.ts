// Makes the clips of datasets/adapters/__golden__/clips, and clips.json with what ffmpeg makes of them. They are committed, for
// encoders change; run it to add one, then look at what changed. FFMPEG names another ffmpeg than the one on PATH.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ffmpegFrames, findFfmpeg } from '../testing/ffmpeg-frames.ts';
import { inputOf, type GoldenClip } from '../testing/golden-clips.ts';

const folder = resolve(import.meta.dirname, '../datasets/adapters/__golden__/clips');
const PACKET = 188;

const ffmpeg = findFfmpeg();
if (ffmpeg === null) throw new Error('there is no ffmpeg on PATH, and FFMPEG names none');
// MPEG-TS is named .m2ts, for .ts would be taken for a program; and has packets of 188 bytes, as in .ts.
const plain = '-mpegts_m2ts_mode 0';
const run = (...args: string[]) => execFileSync(ffmpeg, ['-v', 'error', '-y', ...args], { cwd: folder, stdio: 'inherit' });
const bytes = (name: string) => readFileSync(join(folder, name));

const scene = '-f lavfi -i testsrc2=size=64x48:rate=10:duration=2';
const exact = '-flags:v +bitexact -fflags +bitexact -map_metadata -1';
const odd = '-vf scale=63:47';
const woven = '-vf tinterlace=interleave_top';
const pauses = '-vf select=not(between(n\\,5\\,11))*not(mod(n\\,3))+eq(n\\,7) -fps_mode vfr';
const laterThanSound = `-f lavfi -i sine=duration=2.5 -itsoffset 0.5 ${scene} -map 1:v -map 0:a -c:a flac -ar 8000`;
const x264 = (more = 'bframes=2') =>
  `-c:v libx264 -preset veryfast -crf 32 -pix_fmt yuv420p -g 10 -x264-params threads=1:${more} ${exact}`;
const x265 = (format = 'yuv420p', more = '') =>
  `-c:v libx265 -preset fast -crf 36 -pix_fmt ${format} -x265-params pools=1:frame-threads=1:keyint=10:log-level=none${more} ${exact}`;
const mjpeg = (format = 'yuvj420p') => `-c:v mjpeg -q:v 20 -pix_fmt ${format} ${exact}`;
const mpeg2 = '-c:v mpeg2video -q:v 12 -r 25 -fflags +bitexact';
const hls = '-hls_time 1 -hls_playlist_type vod';
const pieces = '-f segment -segment_time 1';

/** What a clip is, how it is made or of what it is spoilt, and what it takes to read it. */
type Recipe = Omit<GoldenClip, 'frames'> & ({ make: string } | { of: string; spoil: (whole: Buffer) => Uint8Array });

const recipes: readonly Recipe[] = [
  { name: 'h264.mp4', what: 'H.264 with B-frames in MP4', make: `${scene} ${x264()}` },
  {
    name: 'fragmented.mp4',
    what: 'H.264 in fragmented MP4',
    make: `${scene} ${x264()} -movflags +frag_keyframe+empty_moov+default_base_moof`,
  },
  { name: 'hevc.mp4', what: 'H.265 in MP4', make: `${scene} ${x265()}` },
  { name: 'edit-list.mp4', what: 'MP4 whose edit list begins between key frames', make: `-ss 0.55 -i h264.mp4 -c copy ${exact}` },
  { name: 'vfr.mp4', what: 'MP4 with unevenly spaced frames', make: `${scene} ${pauses} ${x264()}` },
  { name: 'interlaced.mp4', what: 'interlaced H.264 in MP4', make: `${scene} ${woven} ${x264('interlaced=1')}` },
  {
    name: 'rotated.mov',
    what: 'MOV that is to be turned by a quarter',
    make: `-display_rotation 90 -i h264.mp4 -c copy ${exact}`,
  },
  { name: 'mjpeg.mov', what: 'Motion JPEG 4:2:2 in MOV', make: `${scene} ${mjpeg('yuvj422p')}` },
  { name: 'from-100.mkv', what: 'MKV whose track begins at 100 s', make: `${scene} ${x264()} -output_ts_offset 100` },
  { name: 'vfr.mkv', what: 'MKV with unevenly spaced frames', make: `${scene} ${pauses} ${x264()}` },
  {
    name: 'sound-first.mkv',
    what: 'MKV whose sound begins before its pictures',
    trackStart: 0.5,
    make: `${laterThanSound} ${x264()}`,
  },
  { name: 'ten-bits.mkv', what: 'H.265 of ten bits in MKV', make: `${scene} ${x265('yuv420p10le')}` },
  {
    name: 'chroma-top-left.mkv',
    what: 'H.265 of ten bits whose chroma lies top left',
    make: `${scene} ${x265('yuv420p10le', ':chromaloc=2')}`,
  },
  {
    name: 'odd-size.mkv',
    what: 'FFV1 of 63 x 47 in MKV',
    make: `${scene} ${odd} -c:v ffv1 -frames:v 8 -pix_fmt yuv420p ${exact}`,
  },
  { name: 'vp9.webm', what: 'VP9 in WebM', make: `${scene} -c:v libvpx-vp9 -b:v 60k -deadline realtime -cpu-used 8 ${exact}` },
  { name: 'mpeg4.avi', what: 'MPEG-4 part 2 in AVI', make: `${scene} -c:v mpeg4 -q:v 12 ${exact}` },
  { name: 'mjpeg-odd-size.avi', what: 'Motion JPEG of 63 x 47 in AVI', make: `${scene} ${odd} ${mjpeg()}` },
  { name: 'b-frames.avi', what: 'H.264 with B-frames in AVI, which keeps no times of display', make: `${scene} ${x264()}` },
  { name: 'h264.m2ts', what: 'H.264 with B-frames in MPEG-TS', make: `${scene} ${plain} ${x264()}` },
  { name: 'camcorder.m2ts', what: 'H.264 in MPEG-TS with packets of 192 bytes', make: `${scene} ${x264()}` },
  { name: 'hevc.m2ts', what: 'H.265 in MPEG-TS', make: `${scene} ${plain} ${x265()}` },
  {
    name: 'mpeg2-interlaced.m2ts',
    what: 'interlaced MPEG-2 in MPEG-TS',
    make: `${scene} ${plain} ${woven} ${mpeg2} -flags:v +ilme+ildct+bitexact`,
  },
  { name: 'interlaced.m2ts', what: 'interlaced H.264 in MPEG-TS', make: `${scene} ${plain} ${woven} ${x264('interlaced=1')}` },
  { name: 'from-5000.m2ts', what: 'MPEG-TS that begins at 5000 s', make: `${scene} ${plain} ${x264()} -output_ts_offset 5000` },
  {
    name: 'wrap.m2ts',
    what: 'MPEG-TS whose clock of 33 bits overflows',
    make: `${scene} ${plain} ${x264()} -output_ts_offset 95442.7 -muxdelay 0 -muxpreload 0`,
  },
  { name: 'mpeg2.mpg', what: 'MPEG-2 with B-frames in MPEG-PS', make: `${scene} ${mpeg2} -bf 2 -flags:v +bitexact` },
  { name: 'h264.flv', what: 'H.264 in FLV', make: `${scene} ${x264()}` },
  { name: 'wmv2.asf', what: 'WMV 8 in ASF', make: `${scene} -c:v wmv2 -q:v 12 ${exact}` },
  { name: 'raw.h264', what: 'raw H.264 with B-frames, of a declared rate', framesPerSecond: 12.5, make: `${scene} ${x264()}` },
  { name: 'raw.h265', what: 'raw H.265, of a declared rate', framesPerSecond: 8, make: `${scene} ${x265()}` },
  {
    name: 'hls/index.m3u8',
    what: 'HLS of MPEG-TS segments',
    make: `${scene} ${x264()} ${hls} -hls_segment_filename hls/%d.m2ts -hls_segment_options mpegts_m2ts_mode=0`,
  },
  { name: 'hls-fmp4/index.m3u8', what: 'HLS of fragmented MP4', make: `${scene} ${x264()} ${hls} -hls_segment_type fmp4` },
  {
    name: 'segments-mp4',
    what: 'a folder of MP4 files, each from 0 s',
    make: `${scene} ${x264()} ${pieces} -reset_timestamps 1`,
  },
  {
    name: 'segments-ts',
    what: 'a folder of MPEG-TS files of one clock',
    make: `${scene} ${x264()} ${pieces} -segment_format_options mpegts_m2ts_mode=0`,
  },
  {
    name: 'jump.m2ts',
    what: 'two recordings in one MPEG-TS',
    of: 'h264.m2ts',
    spoil: (whole) => Buffer.concat([bytes('from-5000.m2ts'), whole]),
  },
  {
    name: 'cut-tail.m2ts',
    what: 'MPEG-TS cut off in a packet',
    of: 'h264.m2ts',
    spoil: (whole) => whole.subarray(0, Math.floor(whole.length * 0.6) - 70),
  },
  {
    name: 'between-key-frames.m2ts',
    what: 'MPEG-TS that begins between key frames',
    of: 'h264.m2ts',
    spoil: (whole) => without(whole, 3, 18),
  },
  {
    name: 'overwritten.m2ts',
    what: 'MPEG-TS with overwritten packets',
    of: 'h264.m2ts',
    spoil: (whole) => overwritten(whole, 34, 37),
  },
  { name: 'lost-packets.m2ts', what: 'MPEG-TS with lost packets', of: 'h264.m2ts', spoil: (whole) => without(whole, 30, 34) },
  { name: 'zeros.mp4', what: 'MP4 with some zeros in its pictures', of: 'h264.mp4', spoil: zeroed },
];

function zeroed(whole: Buffer): Buffer {
  const from = Math.floor(whole.length * 0.4);
  return Buffer.from(whole).fill(0, from, from + 60);
}

function without(whole: Buffer, from: number, to: number): Buffer {
  return Buffer.concat([whole.subarray(0, from * PACKET), whole.subarray(to * PACKET)]);
}

function overwritten(whole: Buffer, from: number, to: number): Buffer {
  const copy = Buffer.from(whole);
  for (let index = from; index < to; index += 1) copy.fill(0x5a, index * PACKET + 40, (index + 1) * PACKET);
  return copy;
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const golden: GoldenClip[] = [];
for (const { name, what, framesPerSecond, trackStart, ...recipe } of recipes) {
  const isFolder = !name.includes('.');
  if (name.includes('/') || isFolder) mkdirSync(join(folder, name.split('/')[0] ?? ''));
  if ('make' in recipe) run(...recipe.make.split(' '), isFolder ? `${name}/%d.${name === 'segments-ts' ? 'm2ts' : 'mp4'}` : name);
  else writeFileSync(join(folder, name), recipe.spoil(bytes(recipe.of)));
  const clip = { name, what, framesPerSecond, trackStart };
  golden.push({ ...clip, frames: ffmpegFrames(ffmpeg, inputOf(clip, folder), trackStart) });
}
writeFileSync(join(folder, 'clips.json'), `[\n${golden.map((clip) => JSON.stringify(clip)).join(',\n')}\n]\n`);
