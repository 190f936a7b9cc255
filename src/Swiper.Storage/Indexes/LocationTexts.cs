using System.Collections.Concurrent;

namespace Swiper.Storage.Indexes;

/// <summary>Assigns each distinct location text a permanent number; readers take no lock. Texts are compared ordinally.</summary>
internal sealed class LocationTexts
{
    /// <summary>The number of the empty text.</summary>
    public const int None = 0;
    /// <summary>The number of a text that nobody has.</summary>
    public const int Unknown = -1;

    private readonly Lock _writing = new();
    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private string[] _texts = new string[64];

    public LocationTexts()
    {
        _texts[None] = "";
        _numbers[""] = None;
    }

    public int Find(string text) => _numbers.TryGetValue(text, out var number) ? number : Unknown;

    public int Intern(string text)
    {
        if (_numbers.TryGetValue(text, out var number))
            return number;
        lock (_writing)
        {
            if (_numbers.TryGetValue(text, out number))
                return number;
            number = _numbers.Count;
            var texts = _texts;
            if (number == texts.Length)
                Array.Resize(ref texts, number * 2);
            texts[number] = text;
            Volatile.Write(ref _texts, texts);
            _numbers[text] = number;
            return number;
        }
    }

    public string TextOf(int number) => Volatile.Read(ref _texts)[number];
}
