using System.CommandLine;
using Swiper.Host;

namespace Swiper.Tools.Demo.Replay;

/// <summary>
/// `./swiper decisions`: writes a file for `demo --replay` about people who do not exist, such as samples/decisions.csv.
/// </summary>
internal static class DecisionsCommand
{
    // So that uids stay short and a file is one that people can look at.
    private const int MostEvenings = 1000;
    private const int MostCouples = 100;

    public static Command Create()
    {
        var evenings = new Option<int>("--evenings")
        {
            Description = "how many (3)", DefaultValueFactory = _ =>
            3, HelpName = "N"
        }.Within(1, MostEvenings);
        var couples = new Option<int>("--couples")
        {
            Description = "women, and as many men, of an evening; each meets each (7)", DefaultValueFactory = _ => 7, HelpName = "N",
        }.Within(1, MostCouples);
        var seed = new Option<int>("--seed")
        {
            Description = "the same number makes the same file (1)", DefaultValueFactory = _ =>
            1, HelpName = "N"
        }.AnyNumber();
        var output = new Option<FileInfo?>("--output") { Description = "file to write; else it is printed", HelpName = "FILE" };
        var command = new Command("decisions", "Invents evenings of speed dating, as a file for demo --replay (samples/README.md).")
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
