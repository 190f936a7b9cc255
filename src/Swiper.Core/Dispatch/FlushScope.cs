namespace Swiper.Core.Dispatch;

/// <summary>
/// While a thread is in the scope, frames it appends to connections are held back; leaving the scope sends them with one flush
/// per connection. A lane completes a whole batch in one scope.
/// </summary>
public static class FlushScope
{
    [ThreadStatic]
    private static List<FrameOutput>? _held;

    [ThreadStatic]
    private static int _depth;

    public static void Enter() => _depth++;

    public static void Exit()
    {
        if (--_depth > 0 || _held is null)
            return;
        // By index: a flush may run code on this thread that opens a nested scope.
        for (var i = 0; i < _held.Count; i++)
            _held[i].Flush();
        _held.Clear();
    }

    /// <summary>True if the output will be flushed at the end of the scope.</summary>
    internal static bool TryHold(FrameOutput output)
    {
        if (_depth == 0)
            return false;
        (_held ??= []).Add(output);
        return true;
    }
}
