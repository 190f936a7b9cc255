using System.CommandLine;

namespace Swiper.Host;

/// <summary>`--set KEY=VALUE`, as often as one likes.</summary>
internal static class SettingOption
{
    public static Option<string[]> Create(string description)
    {
        var option = new Option<string[]>("--set") { Description = description, HelpName = "KEY=VALUE" };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !token.Value.Contains('=')))
                result.AddError($"--set {token.Value}: expected KEY=VALUE");
        });
        return option;
    }
}
