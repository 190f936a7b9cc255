namespace Swiper.Core.Dispatch;

/// <summary>
/// While a thread is in the scope, frames it appends to connections are held back; leaving the scope sends them with one flush
/// a connection. A lane completes a whole batch in one scope.
/// </summary>
public static class FlushScope
{
    [ThreadStatic]
    private static List<FrameOutput>? held;

    [ThreadStatic]
    private static int depth;

    public static void Enter() => depth++;

    public static void Exit()
    {
        if (--depth > 0 || held is null)
            return;
        // By index: what a flush runs on this thread may hold outputs in a scope of its own.
        for (var i = 0; i < held.Count; i++)
            held[i].Flush();
        held.Clear();
    }

    /// <summary>True where the output will be flushed at the end of the scope.</summary>
    internal static bool TryHold(FrameOutput output)
    {
        if (depth == 0)
            return false;
        (held ??= []).Add(output);
        return true;
    }
}
