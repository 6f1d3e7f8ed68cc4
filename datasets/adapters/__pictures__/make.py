"""Makes the small pictures beside it, and what Pillow reads in each: `<picture>.rgb`, height x width x 3 bytes, upright.

    pip install pillow==13.0.0 numpy && python3 make.py

The pictures are gradients with sharp edges and a saturated corner, so that a wrong matrix, range or rounding is seen.
"""

import json
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

HERE = Path(__file__).parent
WIDTH, HEIGHT = 21, 14
y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
rgb = np.stack([x * 12 + 3, y * 18, (x * y * 5) % 256], axis=2).astype(np.uint8)
rgb[2:6, 3:9] = (255, 0, 0)
rgb[8:12, 12:20] = (0, 40, 255)
grey = (x * 9 + y * 5).astype(np.uint8)
wide = (x.astype(np.uint32) * 3001 + y * 157).astype(np.uint16)
alpha = (x * 12).astype(np.uint8)

colour = Image.fromarray(rgb)
mono = Image.fromarray(grey)
deep = Image.fromarray(wide)
see_through = Image.fromarray(np.dstack([rgb, alpha]))
palette = colour.quantize(16)
bits = mono.point(lambda v: 255 * (v > 100)).convert("1")
ink = colour.convert("CMYK")
turned = Image.Exif()
turned[0x0112] = 6


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(colour_type, depth, rows, *more):
    """A PNG of a kind that Pillow does not write."""
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, colour_type, 0, 0, 0)
    body = b"".join(b"\0" + row for row in rows)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(more) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


def bmp(bits, rows, palette=b"", height=HEIGHT):
    """A BMP of a kind that Pillow does not write. A negative height: its first row is the top one."""
    rows = [row + bytes(-len(row) % 4) for row in rows]
    body = b"".join(rows if height < 0 else reversed(rows))
    start = 54 + len(palette)
    header = struct.pack("<IiiHHIIiiII", 40, WIDTH, height, 1, bits, 0, len(body), 2835, 2835, len(palette) // 4, 0)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + header + palette + body


sixteen = np.asarray(palette)
nibbles = np.pad(sixteen, ((0, 0), (0, WIDTH % 2)))
entries = palette.getpalette("RGB")[:48]
wide_rgb = (rgb.astype(np.uint16) * 256 + 200).astype(">u2")


def save(name, image, **options):
    image.save(HERE / name, **options)


def write(name, data):
    (HERE / name).write_bytes(data)


save("rgb.jpg", colour, quality=85)
save("rgb-444.jpg", colour, quality=95, subsampling=0)
save("progressive.jpg", colour, quality=80, progressive=True)
save("grey.jpg", mono, quality=85)
save("turned.jpg", colour, quality=85, exif=turned)
save("cmyk.jpg", ink, quality=90)
save("rgb.png", colour)
save("rgba.png", see_through)
save("palette.png", palette)
save("palette-transparent.png", palette, transparency=3)
save("grey.png", mono)
save("grey-alpha.png", see_through.convert("LA"))
save("bits.png", bits)
save("grey-16.png", deep)
write("rgb-16.png", png(2, 16, [row.tobytes() for row in wide_rgb]))
save("lossy.webp", colour, quality=80)
save("lossless.webp", colour, lossless=True)
save("alpha.webp", see_through, lossless=True, exact=True)
save("rgb.bmp", colour)
save("palette.bmp", palette)
save("grey.bmp", mono)
save("bits.bmp", bits)
save("rgba.bmp", see_through)
write("top-down.bmp", bmp(24, [row[:, ::-1].tobytes() for row in rgb], height=-HEIGHT))
write(
    "four-bits.bmp",
    bmp(
        4,
        [(row[0::2] << 4 | row[1::2]).astype(np.uint8).tobytes() for row in nibbles],
        b"".join(bytes(entries[i : i + 3][::-1]) + b"\0" for i in range(0, 48, 3)),
    ),
)
save("rgb.tiff", colour)
save("lzw.tiff", colour, compression="tiff_lzw")
save("deflate.tiff", colour, compression="tiff_adobe_deflate")
save("jpeg.tiff", colour, compression="jpeg", quality=90)
save("palette.tiff", palette)
save("grey.tiff", mono)
save("bits.tiff", bits, compression="group4")
save("grey-16.tiff", deep)
save("float.tiff", Image.fromarray(grey.astype(np.float32)))
save("cmyk.tiff", ink)
save("rgba.tiff", see_through)
save("grey.pgm", mono)
save("grey-16.pgm", deep)
save("rgb.ppm", colour)
write("rgb-16.ppm", b"P6\n# a comment\n%d %d\n65535\n" % (WIDTH, HEIGHT) + wide_rgb.tobytes())
write("rgb-100.ppm", b"P6 %d %d 100\n" % (WIDTH, HEIGHT) + (rgb.astype(int) * 100 // 255).astype(np.uint8).tobytes())
write("text.ppm", b"P3 %d %d 255\n" % (WIDTH, HEIGHT) + b" ".join(b"%d" % v for v in rgb.ravel()))
save("bits.pbm", bits)
save("lossy.avif", colour, quality=80)
save("444.avif", colour, quality=90, subsampling="4:4:4")
save("still.gif", colour)
save("moving.gif", colour, save_all=True, append_images=[mono.convert("RGB")], duration=100)
save("transparent.gif", palette, transparency=3)

for file in sorted(HERE.iterdir()):
    if file.suffix in (".py", ".rgb"):
        continue
    with Image.open(file) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
    file.with_name(file.name + ".rgb").write_bytes(upright.tobytes())
