using System.CommandLine;
using Swiper.Host;

namespace Swiper.Tools.Demo.Replay;

/// <summary>
/// `./swiper decisions`: generates a file for `demo --replay` about fictional people, such as samples/decisions.csv.
/// </summary>
internal static class DecisionsCommand
{
    // Keeps uids short and files readable.
    private const int MostEvenings = 1000;
    private const int MostCouples = 100;

    public static Command Create()
    {
        var evenings = new Option<int>("--evenings")
        {
            Description = "number of evenings (3)", DefaultValueFactory = _ =>
            3, HelpName = "N"
        }.Within(1, MostEvenings);
        var couples = new Option<int>("--couples")
        {
            Description = "women per evening, and as many men; everyone meets everyone of the other sex (7)",
            DefaultValueFactory = _ => 7,
            HelpName = "N",
        }.Within(1, MostCouples);
        var seed = new Option<int>("--seed")
        {
            Description = "the same seed generates the same file (1)", DefaultValueFactory = _ =>
            1, HelpName = "N"
        }.AnyNumber();
        var output = new Option<FileInfo?>("--output") { Description = "file to write (standard output)", HelpName = "FILE" };
        var command = new Command("decisions", "Generates speed-dating evenings as a file for demo --replay (samples/README.md).")
        {
            evenings, couples, seed, output,
        };
        command.SetAction((parsed, _) =>
        {
            var text = new StringWriter { NewLine = "\n" };
            var invented = new InventedEvenings(parsed.GetValue(evenings), parsed.GetValue(couples), parsed.GetValue(seed));
            DecisionFile.Write(invented.Rows(), text);
            return ToolOutput.WriteAsync(output, parsed, text.ToString());
        });
        return command;
    }
}
