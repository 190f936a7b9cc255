using System.Text.RegularExpressions;

namespace Swiper.Tools.Tests.Sources;

/// <summary>
/// What is true of some opcodes stands in their descriptors, where slices map them. A list of opcodes elsewhere would have to be
/// remembered with every new one.
/// </summary>
public sealed partial class OpcodeListTests
{
    [Fact]
    public void No_source_file_lists_opcodes_by_hand()
    {
        var source = Path.Combine(SharedFiles.RepositoryRoot(), "src");
        var files = Directory.GetFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.EndsWith(".g.cs", StringComparison.Ordinal) && !IsBuilt(file))
            .ToList();
        Assert.Contains(files, file => file.EndsWith("OpcodeTable.cs", StringComparison.Ordinal));

        Assert.Empty(
            from file in files
            from Match list in List().Matches(File.ReadAllText(file))
            select $"{Path.GetRelativePath(source, file)}: {list.Value}");
    }

    [Theory]
    [InlineData("request.Opcode is Opcode.Login or Opcode.Resume")]
    [InlineData("opcode is not (Opcode.Login\n    or Opcode.Resume)")]
    [InlineData("opcode == Opcode.Login || opcode == Opcode.Resume")]
    [InlineData("opcode != Opcode.Login && opcode != Opcode.Resume")]
    [InlineData("[Opcode.Login, Opcode.Resume]")]
    [InlineData("case Opcode.Login:\ncase Opcode.Resume:")]
    [InlineData("case Opcode.Login:\n    LogIn();\n    break;\ncase Opcode.Resume:")]
    [InlineData("Opcode.Login => 1,\nOpcode.Resume => 2")]
    public void A_list_is_recognized(string code) => Assert.Matches(List(), code);

    private static bool IsBuilt(string file) => file.Split(Path.DirectorySeparatorChar).Any(static part => part is "bin" or "obj");

    // Two opcodes with nothing between them but what makes alternatives, or two cases of one switch.
    [GeneratedRegex(
        @"\bOpcode\.\w+\s*(or|,|\|\||&&)\s*([\w.]+\s*[!=]=\s*)?Opcode\.\w+"
        + @"|\bcase Opcode\.\w+:[^}]*\bcase Opcode\.\w+:"
        + @"|\bOpcode\.\w+\s*=>[^;]*\bOpcode\.\w+\s*=>",
        RegexOptions.ExplicitCapture)]
    private static partial Regex List();
}
