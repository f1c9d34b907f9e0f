using System.Globalization;

namespace AiGateway.Infrastructure.Configuration;

/// <summary>Which rules of language and region this process follows.</summary>
public static class Cultures
{
    /// <summary>
    /// Whether the runtime knows no culture but the invariant one, as with <c>DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1</c>.
    /// SQL Server's driver refuses to work then.
    /// </summary>
    public static bool AreMissing
    {
        get
        {
            try
            {
                return CultureInfo.GetCultureInfo("en-US").EnglishName.Contains("Invariant", StringComparison.Ordinal);
            }
            catch (CultureNotFoundException)
            {
                return true;
            }
        }
    }

    /// <summary>
    /// Numbers, dates and messages are the same in every locale of the operator. Without it the log counts years as the locale
    /// does, for example from 622 in fa-IR.
    /// </summary>
    public static void UseInvariant()
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
    }
}
