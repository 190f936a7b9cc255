using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Swiper.Storage.Indexes;

/// <summary>
/// Assigns a number to each location text that anybody has, and forgets the text with the last one who has it. A number is not assigned
/// again before all others were, so that a search that began before finds nobody rather than those of another text. Finding a text takes
/// no lock. Texts are compared ordinally.
/// </summary>
internal sealed class LocationTexts
{
    /// <summary>The number of the empty text.</summary>
    public const int None = 0;
    /// <summary>The number of a text that nobody has.</summary>
    public const int Unknown = -1;

    private readonly Lock _writing = new();
    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Counted> _texts = [];
    private int _last = None;

    /// <summary>How many texts somebody has.</summary>
    public int Count => _numbers.Count;

    public int Find(string text) => text.Length == 0 ? None : _numbers.GetValueOrDefault(text, Unknown);

    /// <summary>The number of a text that one more has, until <see cref="Release"/>.</summary>
    public int Acquire(string text)
    {
        if (text.Length == 0)
            return None;
        lock (_writing)
        {
            if (!_numbers.TryGetValue(text, out var number))
            {
                number = NextFree();
                _numbers[text] = number;
            }

            ref var counted = ref CollectionsMarshal.GetValueRefOrAddDefault(_texts, number, out _);
            counted = new Counted(text, counted.Count + 1);
            return number;
        }
    }

    /// <summary>One less has the text of the number.</summary>
    public void Release(int number)
    {
        if (number == None)
            return;
        lock (_writing)
        {
            ref var counted = ref CollectionsMarshal.GetValueRefOrNullRef(_texts, number);
            if (--counted.Count > 0)
                return;
            _numbers.TryRemove(counted.Text, out _);
            _texts.Remove(number);
        }
    }

    private int NextFree()
    {
        do
            _last = _last == int.MaxValue ? None + 1 : _last + 1;
        while (_texts.ContainsKey(_last));
        return _last;
    }

    private record struct Counted(string Text, int Count);
}
