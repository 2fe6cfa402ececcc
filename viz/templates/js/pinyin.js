/* Names by their sound: kejiju, kjj and kjij all find 科技局. */
(() => {
  const { pinyin } = KG;

  /* Where the letters *query* are read out from *name* on: [begin, end], or null. A character is read as a whole, by its
     initial, or, where the letters end, by any beginning of it. */
  KG.soundsLike = (name, query) => {
    const characters = [...name];
    const from = (i, rest) => {
      if (!rest) return i;
      if (i >= characters.length) return -1;
      const c = characters[i];
      const said = pinyin.get(c);
      if (!said) {
        const plain = c.normalize("NFKC").toLowerCase();
        if (rest.startsWith(plain)) return from(i + 1, rest.slice(plain.length));
        return /[\p{L}\p{N}]/u.test(c) ? -1 : from(i + 1, rest);
      }
      for (const reading of said) {
        if (reading.startsWith(rest)) return i + 1;
        if (rest.startsWith(reading)) {
          const end = from(i + 1, rest.slice(reading.length));
          if (end >= 0) return end;
        }
        for (const initial of /^[zcs]h/.test(reading) ? [reading.slice(0, 2), reading[0]] : [reading[0]]) {
          if (!rest.startsWith(initial)) continue;
          const end = from(i + 1, rest.slice(initial.length));
          if (end >= 0) return end;
        }
      }
      return -1;
    };
    for (let begin = 0; begin < characters.length; begin += 1) {
      if (!pinyin.has(characters[begin])) continue;
      const end = from(begin, query);
      if (end >= 0) return [characters.slice(0, begin).join("").length, characters.slice(0, end).join("").length];
    }
    return null;
  };

  /* The number of characters that stand between and after those whose initials, in order, are the letters: 2 for jrj in
     东莞市金融工作局, 5 for fgw in 发展和改革委员会; -1 if there are none. */
  KG.skippedInitials = (name, letters) => {
    const characters = [...name];
    let left = letters.length - 1;
    for (let at = characters.length - 1; at >= 0; at -= 1) {
      if ((pinyin.get(characters[at]) || []).some((reading) => reading[0] === letters[left])) left -= 1;
      if (left < 0) return characters.length - at - letters.length;
    }
    return -1;
  };

  /* Whether whole readings of some of its characters, in order, are the letters: kejiju in 科学技术局. */
  KG.soundsThrough = (name, query) => {
    const characters = [...name];
    const from = (i, rest) => {
      if (!rest) return true;
      for (let at = i; at < characters.length; at += 1) {
        for (const reading of pinyin.get(characters[at]) || []) {
          if (rest.startsWith(reading) && from(at + 1, rest.slice(reading.length))) return true;
        }
      }
      return false;
    };
    return from(0, query);
  };
})();
