"""Records each line of standard input, "file<TAB>text", into kiosk-agent/voices/.

Japanese (ja-*) is spoken by Open JTalk with the voice Mei, English (en-*) by eSpeak NG. What was
recorded is listed in kiosk-agent/src/voice/recorded.tsv: file, SHA-256 of the file, text.
"""

import hashlib
import pathlib
import subprocess
import sys
import tempfile
import wave
from concurrent.futures import ThreadPoolExecutor

VOICES = pathlib.Path("kiosk-agent/voices")
RECORDED = pathlib.Path("kiosk-agent/src/voice/recorded.tsv")

# Silence: none before and after but a breath, a short one after a number, which others follow.
# Loudness: the highest sample 3 dB below full scale.
TRIMMED = ["silence", "1", "0.01", "0.1%", "reverse"]
LEVELLED = ["norm", "-3", "pad", "0.05"]


def speak_japanese(text, path):
    """One at a time: Open JTalk keeps state."""
    import numpy
    import pyopenjtalk

    # The dictionary reads brackets as pauses that are too long.
    samples, rate = pyopenjtalk.tts(text.replace("「", "").replace("」", ""))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(numpy.clip(samples, -32768, 32767).astype("<i2").tobytes())


def speak_english(text, path):
    command = ["espeak-ng", "-v", "en-us", "-s", "150", "-w", str(path), text]
    subprocess.run(command, check=True)


def encode(spoken, path):
    with tempfile.TemporaryDirectory() as folder:
        levelled = f"{folder}/levelled.wav"
        breath = "0.15" if "-number-" in path.name else "0.25"
        effects = [*TRIMMED, *TRIMMED, *LEVELLED, breath]
        subprocess.run(["sox", str(spoken), levelled, *effects], check=True)
        # The same serial each time, so that the same speech is the same file.
        command = ["opusenc", "--quiet", "--speech", "--bitrate", "14", "--serial", "1"]
        subprocess.run([*command, levelled, str(path)], check=True)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def recorded_before():
    lines = RECORDED.read_text().splitlines() if RECORDED.exists() else []
    return {file: (sha256, text) for file, sha256, text in (line.split("\t") for line in lines)}


def main():
    wanted = dict(line.rstrip("\n").split("\t") for line in sys.stdin)
    before = recorded_before()
    VOICES.mkdir(exist_ok=True)
    for path in VOICES.glob("*.opus"):
        if path.name not in wanted:
            path.unlink()

    def stands(file):
        sha256, text = before.get(file, (None, None))
        path = VOICES / file
        return text == wanted[file] and path.exists() and digest(path) == sha256

    changed = [file for file in wanted if not stands(file)]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
        encoding = []
        for file in changed:
            spoken = pathlib.Path(folder, file + ".wav")
            speak = speak_japanese if file.startswith("ja-") else speak_english
            speak(wanted[file], spoken)
            encoding.append(pool.submit(encode, spoken, VOICES / file))
        for done in encoding:
            done.result()
    lines = [f"{file}\t{digest(VOICES / file)}\t{wanted[file]}\n" for file in sorted(wanted)]
    RECORDED.write_text("".join(lines))
    print(f"{len(changed)} recorded, {len(wanted)} in all")


main()
