"""Media through its public door, on files that the test itself makes."""

from __future__ import annotations

import itertools
import os
import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from media_files import RATE, av_sound, patch_durations, patch_matrix, tone, video

from emer.errors import InputError, ToolError
from emer.tools import media as media_module
from emer.tools.media import Window, open_media, sniff
from emer.tools.playback import spans

EXIF_6 = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"


def test_a_video_gives_its_pictures_at_four_per_second_and_its_sound(tmp_path: Path) -> None:
    path = video(tmp_path / "clip.mp4", times=np.arange(60) / 30, sound=tone(2.0))
    with open_media(path) as media:
        assert (media.info.kind, media.info.width, media.info.height) == ("video", 160, 120)
        assert media.info.has_video and media.info.has_audio and media.info.warnings == ()
        assert media.info.duration_s == pytest.approx(2.0, abs=0.1)
        (window,) = media.windows()
    assert [f.t_s for f in window.frames] == pytest.approx(
        [0, 8 / 30, 0.5, 23 / 30, 1, 38 / 30, 1.5, 53 / 30], abs=1e-3
    )
    assert [f.image.shape for f in window.frames] == [(120, 160, 3)] * 8
    assert window.sound.dtype == np.float32 and len(window.sound) == round(window.end_s * RATE)
    assert np.sqrt(np.mean(window.sound[4000:28000] ** 2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.05)


def test_a_variable_frame_rate_keeps_the_true_times_and_is_sampled_evenly(tmp_path: Path) -> None:
    burst = [k / 100 for k in range(50)]
    path = video(tmp_path / "vfr.mkv", times=[*burst, 1.5, 1.6, 3.0], codec="ffv1")
    assert [f.t_s for f in frames(path)] == pytest.approx([0.0, 0.25, 1.5, 3.0], abs=1e-3)


def test_the_rate_of_pictures_is_the_callers(tmp_path: Path) -> None:
    path = video(tmp_path / "clip.mp4", times=np.arange(30) / 30)
    assert len(frames(path, frames_per_s=10)) == 10
    with pytest.raises(InputError, match="frames_per_s"):
        open_media(path, frames_per_s=0)


@pytest.mark.parametrize(
    ("matrix", "corner"),
    [((0, 1, -1, 0), (0, -1)), ((0, -1, 1, 0), (-1, 0)), ((-1, 0, 0, -1), (-1, -1)), ((-1, 0, 0, 1), (0, -1))],
    ids=["quarter right", "quarter left", "half", "mirrored"],
)
def test_pictures_stand_as_the_display_matrix_says(
    tmp_path: Path, matrix: Sequence[int], corner: tuple[int, int]
) -> None:
    stored = np.zeros((120, 160, 3), np.uint8)
    stored[:60, :80] = 255
    path = video(tmp_path / "turned.mp4", times=[0, 0.1, 0.2], picture=stored)
    patch_matrix(path, matrix)
    with open_media(path) as media:
        image = next(media.windows()).frames[0].image
        assert (media.info.width, media.info.height) == (image.shape[1], image.shape[0])
    assert image.shape[:2] == ((160, 120) if matrix[0] == 0 else (120, 160))
    bright = {c: image[c].mean() > 128 for c in itertools.product((0, -1), (0, -1))}
    assert [c for c, is_bright in bright.items() if is_bright] == [corner]


def test_large_frames_are_made_smaller_and_wide_pixels_square(tmp_path: Path) -> None:
    path = video(tmp_path / "large.mp4", times=[0, 0.1], picture=np.zeros((540, 960, 3), np.uint8))
    assert frames(path)[0].image.shape == (360, 640, 3)
    wide = video(tmp_path / "dv.mp4", times=[0, 0.1], pixel_aspect=Fraction(2))
    with open_media(wide) as media:
        assert (media.info.width, media.info.height) == (320, 120)
        assert next(media.windows()).frames[0].image.shape == (120, 320, 3)


@pytest.mark.parametrize(
    ("name", "codec", "pixels"),
    [
        ("a.mkv", "ffv1", "yuv444p10le"), ("a.mkv", "ffv1", "gray16le"), ("a.avi", "mpeg4", "yuv420p"),
        ("a.webm", "libvpx", "yuv420p"), ("a.mov", "prores", "yuv422p10le"), ("a.avi", "mjpeg", "yuvj420p"),
        ("A.MP4", "libx264", "yuv444p"), ("a.avi", "rawvideo", "bgr24"),
    ],
)  # fmt: skip
def test_codecs_and_pixel_formats_all_give_the_same_picture(tmp_path: Path, name: str, codec: str, pixels: str) -> None:
    grey = np.full((120, 160, 3), 128, np.uint8)
    (frame, *_) = frames(video(tmp_path / name, times=[0, 0.04, 0.08], codec=codec, pixels=pixels, picture=grey))
    assert frame.image.dtype == np.uint8
    assert frame.image.mean() == pytest.approx(128, abs=4)


def test_pictures_and_sound_cannot_be_changed_by_one_of_their_readers(tmp_path: Path) -> None:
    with open_media(video(tmp_path / "clip.mp4", times=[0, 0.1], sound=tone(0.2))) as media:
        window = next(media.windows())
        for array in (window.frames[0].image, window.sound, media.sound_file()):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0


@pytest.mark.parametrize("name", ["late.mkv", "late.ts"])
def test_a_clip_whose_clock_starts_late_begins_at_zero_and_stays_in_sync(tmp_path: Path, name: str) -> None:
    beep = tone(3.0)
    beep[:RATE] = beep[RATE + RATE // 5 :] = 0
    flash = [255 if 1.0 <= k / 20 < 1.2 else 0 for k in range(60)]
    path = video(tmp_path / name, times=np.arange(60) / 20, sound=beep, levels=flash, offset_s=7.0)
    with open_media(path, frames_per_s=20) as media:
        (window,) = media.windows()
        assert media.info.duration_s == pytest.approx(3.0, abs=0.2)
    assert window.frames[0].t_s == pytest.approx(0, abs=0.08)
    seen = [f.t_s for f in window.frames if f.image.mean() > 128]
    heard = np.flatnonzero(np.abs(window.sound) > 0.2) / RATE
    assert seen[0] == pytest.approx(heard[0], abs=0.06)
    assert heard[-1] - heard[0] == pytest.approx(0.2, abs=0.05)


def test_sound_that_begins_after_the_pictures_keeps_its_place(tmp_path: Path) -> None:
    path = video(tmp_path / "clip.mkv", times=np.arange(30) / 15, sound=tone(1.0), sound_at_s=[0.75])
    with open_media(path) as media:
        sound = media.sound_file()
    assert np.flatnonzero(np.abs(sound) > 0.1)[0] / RATE == pytest.approx(0.75, abs=0.03)


def test_a_gap_in_the_sound_becomes_silence(tmp_path: Path) -> None:
    path = video(
        tmp_path / "gap.mkv", times=np.arange(60) / 15, sound=tone(1.0), sound_at_s=[0.0, 2.5], sound_codec="flac"
    )
    with open_media(path) as media:
        sound = media.sound_file()
    loud = [np.abs(sound[round(t * RATE) : round(t * RATE) + 800]).max() > 0.3 for t in (0.1, 0.9, 1.1, 2.4, 2.6, 3.4)]
    assert loud == [True, True, False, False, True, True]


def test_a_clock_that_jumps_is_made_to_run_on(tmp_path: Path) -> None:
    path = video(tmp_path / "jump.mkv", times=[0, 0.1, 0.2, 36_000, 36_000.1], codec="ffv1")
    with open_media(path) as media:
        assert media.info.duration_s == pytest.approx(0.5, abs=0.2)
        assert any("clock jumps" in w for w in media.info.warnings)


@pytest.mark.parametrize(
    ("form", "n_channels", "rate"), [("PCM_U8", 1, 8000), ("PCM_24", 6, 48_000), ("DOUBLE", 3, 44_100)]
)
def test_any_sound_becomes_mono_at_16_khz(tmp_path: Path, form: str, n_channels: int, rate: int) -> None:
    path = tmp_path / "a.wav"
    wave = 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)
    soundfile.write(path, np.repeat(wave[:, None], n_channels, 1), rate, subtype=form)
    with open_media(path) as media:
        assert (media.info.kind, media.info.duration_s) == ("audio", 1.0)
        sound = media.sound_file()
    assert sound.shape == (RATE,) and sound.dtype == np.float32
    spectrum = np.abs(np.fft.rfft(sound))
    assert spectrum.argmax() == 440


def test_sound_that_is_no_number_is_silence(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.full(RATE, np.nan), RATE, subtype="FLOAT")
    with open_media(tmp_path / "a.wav") as media:
        assert not np.any(media.sound_file())


def test_the_windows_fresh_sound_is_the_whole_and_their_overlap_is_the_same(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, 47 * RATE).astype(np.float32)
    soundfile.write(tmp_path / "long.flac", noise, RATE)
    with open_media(tmp_path / "long.flac") as media:
        windows, whole = list(media.windows()), media.sound_file()
    assert [(w.start_s, w.fresh_from_s, w.end_s) for w in windows] == [(0, 0, 15), (14.5, 15, 30), (29.5, 30, 47)]
    np.testing.assert_array_equal(np.concatenate([fresh_sound(w) for w in windows]), whole)
    np.testing.assert_allclose(whole, noise, atol=2e-5)
    for before, after in itertools.pairwise(windows):
        np.testing.assert_array_equal(before.sound[-RATE // 2 :], after.sound[: RATE // 2])


def test_the_windows_fresh_pictures_are_all_pictures_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_module, "GRACE_S", 0.0)
    path = video(tmp_path / "long.mp4", times=np.arange(8 * 47) / 8, picture=np.zeros((16, 16, 3), np.uint8))
    with open_media(path) as media:
        windows = list(media.windows())
    times = [f.t_s for w in windows for f in w.frames if f.t_s >= w.fresh_from_s]
    assert times == pytest.approx(list(np.arange(4 * 47) / 4), abs=1e-3)
    assert [f.t_s for f in windows[1].frames][:3] == pytest.approx([14.5, 14.75, 15.0], abs=1e-3)


@given(st.floats(0.01, 3_600), st.floats(0.1, 60))
def test_windows_cover_any_length_without_a_hole(duration_s: float, frames_per_s: float) -> None:
    cut = spans(duration_s, frames_per_s)
    assert cut[0].start_s == 0 and cut[-1].end_s == duration_s
    for span in cut:
        assert span.start_s <= span.fresh_from_s < span.end_s
        assert span.end_s - span.start_s <= 20.5 and (span.end_s - span.start_s) * frames_per_s <= 220
    for before, after in itertools.pairwise(cut):
        assert before.end_s == after.fresh_from_s == after.start_s + 0.5


def test_a_video_without_sound_and_an_mp4_with_only_sound(tmp_path: Path) -> None:
    with open_media(video(tmp_path / "mute.mp4", times=[0, 0.1, 0.2])) as media:
        assert (media.info.kind, media.info.has_audio) == ("video", False)
        assert next(media.windows()).sound.shape == (0,) and media.sound_file().shape == (0,)
    with open_media(video(tmp_path / "voice.mp4", times=[], sound=tone(1.0))) as media:
        assert (media.info.kind, media.info.has_video, media.info.width) == ("audio", False, None)
        assert next(media.windows()).frames == ()


def test_a_cover_picture_makes_no_video_of_a_song(tmp_path: Path) -> None:
    path = tmp_path / "song.mp3"
    with av.open(str(path), "w") as out:
        audio = out.add_stream("libmp3lame", rate=RATE, layout="mono")
        cover = out.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        out.mux(cover.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")))
        out.mux(cover.encode(None))
        out.mux(audio.encode(av_sound(tone(1.0))))
        out.mux(audio.encode(None))
    with open_media(path) as media:
        assert (media.info.kind, media.info.has_video) == ("audio", False)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".bmp", ".gif", ".tiff"])
def test_a_picture_is_one_window_of_no_length(tmp_path: Path, suffix: str) -> None:
    cv2.imwrite(str(tmp_path / f"face{suffix}"), np.full((30, 40, 3), (0, 0, 255), np.uint8))
    with open_media(tmp_path / f"face{suffix}") as media:
        assert (media.info.kind, media.info.duration_s) == ("image", None)
        (window,) = media.windows()
    (frame,) = window.frames
    assert (window.start_s, window.end_s, frame.t_s, window.sound.shape) == (0, 0, 0, (0,))
    assert frame.image.shape == (30, 40, 3)
    assert frame.image.reshape(-1, 3).mean(0) == pytest.approx([255, 0, 0], abs=3)


def test_a_photograph_stands_as_exif_says_and_is_at_most_1600_pixels_long(tmp_path: Path) -> None:
    stored = np.zeros((1000, 2000, 3), np.uint8)
    stored[:500, :1000] = 255
    raw = cv2.imencode(".jpg", stored)[1].tobytes()
    path = tmp_path / "phone.jpg"
    path.write_bytes(raw[:2] + b"\xff\xe1" + struct.pack(">H", len(EXIF_6) + 2) + EXIF_6 + raw[2:])
    with open_media(path) as media:
        image = next(media.windows()).frames[0].image
        assert (media.info.width, media.info.height) == (1000, 2000)
    assert image.shape == (1600, 800, 3)
    assert image[:700, 500:].min() > 250 and image[:700, :300].max() < 5 and image[900:].max() < 5


def test_a_picture_whose_name_looks_like_a_series_is_one_picture(tmp_path: Path) -> None:
    for name, level in (("face%d.jpg", 200), ("face1.jpg", 0), ("face2.jpg", 0)):
        cv2.imwrite(str(tmp_path / name), np.full((30, 40), level, np.uint8))
    with open_media(tmp_path / "face%d.jpg") as media:
        assert media.info.kind == "image"
        assert next(media.windows()).frames[0].image.mean() == pytest.approx(200, abs=2)


def test_a_photograph_of_48_megapixels_is_read(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "large.jpg"), np.full((6000, 8000), 90, np.uint8))
    with open_media(tmp_path / "large.jpg") as media:
        assert next(media.windows()).frames[0].image.shape == (1200, 1600, 3)


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_an_enormous_picture_is_refused_by_its_header(tmp_path: Path, suffix: str) -> None:
    raw = cv2.imencode(suffix, np.zeros((8, 8, 3), np.uint8))[1].tobytes()
    size = {".png": (b"\0\0\0\x08\0\0\0\x08", ">II"), ".jpg": (b"\x08\0\x08\0\x08", ">xHH")}[suffix]
    path = tmp_path / f"bomb{suffix}"
    path.write_bytes(
        raw.replace(
            size[0], size[0][:1] * (suffix == ".jpg") + struct.pack(size[1], 20_000, 20_000)[suffix == ".jpg" :]
        )
    )
    with pytest.raises(InputError, match="20000 x 20000 pixels; at most 120 megapixels"):
        open_media(path)


def test_a_name_tells_nothing_about_the_content(tmp_path: Path) -> None:
    made = video(tmp_path / "made.mp4", times=[0, 0.1], sound=tone(0.2))
    path = tmp_path / "http:Größe 漢字 ☺ 100%d.TXT"
    path.write_bytes(made.read_bytes())
    assert sniff(path) == "media"
    with open_media(path) as media:
        assert len(next(media.windows()).frames) == 1


def test_what_cannot_be_read_is_said_in_one_line_with_what_to_do(tmp_path: Path) -> None:
    empty, text, rubbish = tmp_path / "empty.mp4", tmp_path / "text.mp4", tmp_path / "rubbish.mp4"
    empty.touch()
    text.write_text("ANNA: I am fine.\n" * 100)
    rubbish.write_bytes(np.random.default_rng(0).bytes(100_000))
    pipe, loop = tmp_path / "pipe", tmp_path / "loop"
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    cases = {
        tmp_path / "no.mp4": "no such file", tmp_path: "is a directory", empty: "is empty", text: "holds text.*analyze",
        rubbish: "convert it first", pipe: "not a regular file", loop: "cannot be read", Path("a\0b"): "cannot be read",
    }  # fmt: skip
    for path, message in cases.items():
        with pytest.raises(InputError, match=message) as caught:
            open_media(path)
        assert "\n" not in str(caught.value)


def test_a_cut_recording_says_so_or_gives_what_is_there(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (120, 160, 3), np.uint8)
    plain = video(tmp_path / "plain.mp4", times=np.arange(100) / 25, sound=tone(4.0), picture=noise)
    plain.write_bytes(plain.read_bytes()[: plain.stat().st_size // 2])
    with pytest.raises(InputError, match=r"cut off.*copy, download or export it again"):
        open_media(plain)
    front = video(
        tmp_path / "front.mp4", times=np.arange(100) / 25, sound=tone(4.0), picture=noise, gop=5,
        options=(("movflags", "faststart"),),
    )  # fmt: skip
    front.write_bytes(front.read_bytes()[: front.stat().st_size // 2])
    with open_media(front) as media:
        assert 0.5 < media.info.duration_s < 3.5
        assert any("header says 4.0 s" in w for w in media.info.warnings)
        (window,) = media.windows()
        assert len(window.frames) >= 3 and np.abs(window.sound).max() > 0.3


def test_a_cut_picture_is_shown_as_far_as_it_goes_or_refused(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (300, 300, 3), np.uint8)
    for suffix in (".jpg", ".png"):
        cv2.imwrite(str(tmp_path / f"cut{suffix}"), noise)
        raw = (tmp_path / f"cut{suffix}").read_bytes()
        (tmp_path / f"cut{suffix}").write_bytes(raw[: len(raw) // 2])
    with open_media(tmp_path / "cut.jpg") as media:
        assert any("cut off" in w for w in media.info.warnings)
        assert next(media.windows()).frames[0].image.shape == (300, 300, 3)
    with pytest.raises(InputError, match="damaged"):
        open_media(tmp_path / "cut.png")


def test_damage_in_the_middle_keeps_what_can_be_decoded(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (120, 160, 3), np.uint8)
    path = video(tmp_path / "bad.ts", times=np.arange(100) / 25, sound=tone(4.0), picture=noise, gop=10)
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 3 : len(raw) // 2] = np.random.default_rng(1).bytes(len(raw) // 2 - len(raw) // 3)
    path.write_bytes(raw)
    with open_media(path) as media:
        (window,) = media.windows()
        assert media.warnings
    assert window.frames[0].t_s < 0.5 and window.frames[-1].t_s > 3.0
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", ["mp4", "mkv", "wav"])
def test_a_ten_hour_header_on_a_second_is_not_believed(tmp_path: Path, kind: str) -> None:
    if kind != "wav":
        path = video(tmp_path / f"liar.{kind}", times=np.arange(25) / 25, sound=tone(1.0))
        patch_durations(path, 36_000)
    else:
        path = tmp_path / "liar.wav"
        soundfile.write(path, tone(1.0), RATE)
        raw = path.read_bytes()
        at = raw.index(b"data") + 4
        path.write_bytes(raw[:at] + struct.pack("<I", 36_000 * RATE * 2) + raw[at + 4 :])
    with open_media(path) as media:
        assert media.info.duration_s == pytest.approx(1.0, abs=0.1)
        assert len(list(media.windows())) == 1
        assert kind != "mkv" or any("header says 36000.0 s" in w for w in media.info.warnings)


def test_the_demonstration_clip_is_small_and_has_face_voice_and_words(demo_dir: Path) -> None:
    assert (demo_dir / "demo.mp4").stat().st_size < 1_000_000
    with open_media(demo_dir / "demo.mp4") as media:
        assert media.info.has_video and media.info.has_audio and 6 <= media.info.duration_s <= 10
        assert media.info.warnings == ()
        pictures = [frame.image for window in media.windows() for frame in window.frames]
    finder = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_default.xml")
    faces = [finder.detectMultiScale(cv2.cvtColor(p, cv2.COLOR_RGB2GRAY), 1.1, 5, minSize=(100, 100)) for p in pictures]
    assert sum(len(f) == 1 for f in faces) >= 0.95 * len(faces)
    assert [sniff(demo_dir / name) for name in ("demo.mp4", "demo.flac", "demo.srt", "demo.txt")] == ["media"] * 2 + [
        "text"
    ] * 2


def test_after_closing_nothing_more_comes(tmp_path: Path) -> None:
    media = open_media(video(tmp_path / "clip.mp4", times=[0, 0.1]))
    reader = media.windows()
    media.close()
    with pytest.raises(ToolError, match="closed"):
        next(reader)


def test_a_file_that_vanishes_after_opening_is_an_error_of_ours(tmp_path: Path) -> None:
    path = video(tmp_path / "clip.mp4", times=[0, 0.1])
    with open_media(path) as media:
        path.unlink()
        with pytest.raises(InputError, match="no such file"):
            next(media.windows())


def fresh_sound(window: Window) -> np.ndarray:
    return window.sound[round(window.fresh_from_s * RATE) - round(window.start_s * RATE) :]


def frames(path: Path, **options: float) -> list[media_module.Frame]:
    with open_media(path, **options) as media:
        return [f for w in media.windows() for f in w.frames if f.t_s >= w.fresh_from_s]
