using System.Globalization;

namespace AiGateway.Infrastructure.Configuration;

/// <summary>The culture of this process.</summary>
public static class Cultures
{
    /// <summary>
    /// Whether the runtime has only the invariant culture, as with <c>DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1</c>. SQL
    /// Server's driver does not work then.
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
    /// Makes numbers, dates and messages independent of the operator's locale. Otherwise the log would count years as the
    /// locale does, for example from 622 in fa-IR.
    /// </summary>
    public static void UseInvariant()
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
    }
}
