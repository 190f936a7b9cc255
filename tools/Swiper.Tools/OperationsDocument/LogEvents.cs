using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Swiper.Core.Diagnostics;
using Swiper.Host;

namespace Swiper.Tools.OperationsDocument;

/// <summary>Every event the server can log, read from its assemblies.</summary>
internal static class LogEvents
{
    private const BindingFlags Any =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The classes that log, by their first id.</summary>
    public static IReadOnlyList<Source> Read()
    {
        var types = ServerAssemblies().SelectMany(assembly => assembly.GetTypes());
        return [.. types.Select(ToSource).OfType<Source>().OrderBy(source => source.First)];
    }

    /// <summary>The log events of a class; null if it has none.</summary>
    public static Source? ToSource(Type type)
    {
        var events = type.GetMethods(Any).Select(ToEvent).OfType<Event>().OrderBy(@event => @event.Id).ToArray();
        var ids = type.GetCustomAttribute<EventIdsAttribute>();
        return events.Length == 0 && ids is null ? null : new Source(type.Name, ids?.First ?? 0, ids?.Last ?? 0, ids?.Subject, events);
    }

    /// <summary>
    /// Violations, one sentence each: an id used by two events, an event outside its class's range, overlapping ranges of two classes.
    /// </summary>
    public static IEnumerable<string> Problems(IReadOnlyList<Source> sources)
    {
        foreach (var source in sources.Where(source => source.Subject is null))
            yield return $"{source.Name} logs but has no [EventIds]";
        var numbered = sources.Where(source => source.Subject is not null).ToArray();
        var all = numbered.SelectMany(source => source.Events.Select(@event => (Source: source, Event: @event))).ToList();
        foreach (var (source, @event) in all.Where(pair => pair.Event.Id < pair.Source.First || pair.Event.Id > pair.Source.Last))
            yield return $"{source.Name}.{@event.Name}: {@event.Id} is outside its class's range {source.First} to {source.Last}";
        foreach (var same in all.GroupBy(pair => pair.Event.Id, pair => $"{pair.Source.Name}.{pair.Event.Name}"))
        {
            if (same.Skip(1).Any())
                yield return $"{same.Key} is the id of both {string.Join(" and ", same)}";
        }
        foreach (var (source, next) in numbered.Zip(numbered.Skip(1)).Where(pair => pair.First.Last >= pair.Second.First))
            yield return $"{source.Name} ({source.First} to {source.Last}) and {next.Name} ({next.First} to {next.Last}) share ids";
    }

    // The host and its own libraries.
    private static IEnumerable<Assembly> ServerAssemblies()
    {
        var host = typeof(Composition).Assembly;
        var referenced = host.GetReferencedAssemblies().Where(name => name.Name!.StartsWith("Swiper.", StringComparison.Ordinal));
        return referenced.Select(Assembly.Load).Prepend(host);
    }

    private static Event? ToEvent(MethodInfo method)
    {
        var advice = method.GetCustomAttribute<DescriptionAttribute>()?.Description;
        return method.GetCustomAttribute<LoggerMessageAttribute>() is { } message
            ? new Event(message.EventId, message.Level, method.Name, message.Message, advice)
            : null;
    }

    /// <param name="Name">The class's name.</param>
    /// <param name="First">The lowest id of its range.</param>
    /// <param name="Last">The highest id of its range.</param>
    /// <param name="Subject">What its events are about; null without <see cref="EventIdsAttribute"/>.</param>
    /// <param name="Events">Its events, ordered by id.</param>
    internal sealed record Source(string Name, int First, int Last, string? Subject, IReadOnlyList<Event> Events);

    /// <param name="Id">What an operator greps for.</param>
    /// <param name="Level">Its log level.</param>
    /// <param name="Name">Its name in structured logs.</param>
    /// <param name="Message">Its message template.</param>
    /// <param name="Advice">What to do; null if that is nothing or obvious.</param>
    internal sealed record Event(int Id, LogLevel Level, string Name, string Message, string? Advice);
}
