using Spectre.Console;
using Swiper.Compare.Ancestor;
using Swiper.Compare.Report;
using Swiper.Compare.Rows;

namespace Swiper.Compare.Commands;

/// <summary>The ancestor's table, and how many daily users the machine can serve.</summary>
internal static class AncestorRun
{
    private const int WindowsOfCapacity = 5;

    public static RunResult Take(Subjects subjects, CompareOptions options)
    {
        var operations = Operation.AllOf(subjects);
        var evening = new Measure("an evening's mix", pace => Loads.Evening(subjects.Swiper, subjects.People(), pace));
        Measure[] measures = [.. operations.Select(operation => operation.Measure), evening];
        Rounds.Run(measures, options);
        var (capacity, capacityTrouble) = FindCapacity(subjects, evening, options);

        string[] troubles =
        [
            .. measures.Where(measure => measure.Trouble is not null).Select(measure => $"{measure.Name}: {measure.Trouble}."),
            .. capacityTrouble is null ? (string[])[] : [$"capacity: {capacityTrouble}."],
        ];
        var surroundings = Surroundings.Here();
        var report = new RunReport(
            [OperationTable.Of(operations), MeasureTable.Of([evening])],
            [
                $"Each operation by itself on {Loads.Connections} connections with one request in flight each; "
                    + $"the mix on {Loads.EveningConnections}. The ancestor's figures are from its own machine.",
                .. capacity is null ? (string[])[] : [$"{capacity}"],
            ],
            troubles,
            surroundings,
            Disturbance.Of(measures));
        return new(
            report,
            new
            {
                surroundings,
                operations =
                    operations.Select(operation => new { operation.Measure.Name, operation.Ancestor, operation.Measure.Readings }),
                evening = evening.Readings,
                capacity,
            },
            troubles.Length > 0);
    }

    private static (Capacity? Capacity, string? Trouble) FindCapacity(Subjects subjects, Measure evening, CompareOptions options)
    {
        AnsiConsole.WriteLine("capacity");
        try
        {
            return (Capacity.Find(subjects, evening, WindowsOfCapacity * TimeSpan.FromSeconds(options.Seconds)), null);
        }
        // As with a measure, a failure here must not cost the table.
        catch (Exception e)
        {
            return (null, e.Message);
        }
    }
}
