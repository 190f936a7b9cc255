namespace Swiper.Core.Diagnostics;

/// <summary>
/// The ids that the events of a class may have: no two classes share one, so an operator who greps for a number finds one thing.
/// docs/operations.md lists all events, with the description of each: what to do about it, where that is not obvious.
/// </summary>
/// <param name="first">The lowest id.</param>
/// <param name="last">The highest id.</param>
/// <param name="subject">The subject of the events, used as the heading of their table.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EventIdsAttribute(int first, int last, string subject) : Attribute
{
    public int First => first;

    public int Last => last;

    public string Subject => subject;
}
