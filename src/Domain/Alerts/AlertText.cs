using System.Globalization;
using System.Text;

namespace AiGateway.Domain;

/// <summary>What an alert says, in plain English. It says what happened, what it means and what to do.</summary>
public static class AlertText
{
    private const int Whole = 100;

    /// <summary>The name of the limit of a budget, such as <c>monthly_spend</c>.</summary>
    public static string LimitOf(Alert alert) => LimitOf(alert.Metric!.Value, alert.Window!.Value);

    /// <summary>An amount in the unit of the API: dollars for spend, else a count.</summary>
    public static decimal Shown(BudgetMetric metric, long amount) =>
        metric == BudgetMetric.Spend ? Money.ToUsd(amount) / 1.000000000000000000000000000000m : amount;

    /// <summary>The message.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="scopeName">The name of its scope; null: it has none, or it was deleted.</param>
    public static string Of(Alert alert, string? scopeName) => alert.Kind switch
    {
        AlertKind.Budget => OfBudget(alert, scopeName),
        AlertKind.Provider => OfProvider(alert),
        AlertKind.Record => OfRecords(alert),
        _ => "This is a test event of AiGateway. The webhook works.",
    };

    private static string OfBudget(Alert alert, string? scopeName)
    {
        var metric = alert.Metric!.Value;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"The {LimitOf(alert).Replace('_', ' ')} budget of {alert.ScopeKind!.Value.ToName()} {OneLine(scopeName ?? $"{alert.ScopeId}")}");
        if (alert.Model is { } model) text.Append(" for the models ").Append(OneLine(model));
        if (alert.EndUser is { } endUser) text.Append(endUser.Length == 0 ? " for requests without an end user" : $" for the end user {OneLine(endUser)}");
        text.Append(CultureInfo.InvariantCulture, $" has reached {alert.Percent} %: {Written(metric, alert.Used!.Value + alert.Held!.Value)} of {Written(metric, alert.Amount!.Value)}");
        text.Append(metric switch
        {
            BudgetMetric.Spend => " US dollars are used or held.",
            BudgetMetric.Tokens => " tokens are used or held.",
            BudgetMetric.Concurrent => " requests are in progress.",
            _ => " requests are used.",
        });
        text.Append(EffectOf(alert, metric));
        if (alert.ResetsAt is { } end) text.Append(CultureInfo.InvariantCulture, $" It resets at {end.UtcDateTime:yyyy-MM-dd HH:mm} UTC.");
        return text.ToString();
    }

    private static string EffectOf(Alert alert, BudgetMetric metric)
    {
        if (alert.IsSoft == true) return " It is a soft budget, which refuses nothing.";
        if (alert.Percent < Whole) return " Requests are refused when it is used up.";
        return metric == BudgetMetric.Concurrent ? " Further requests are refused until one of them ends." : " Further requests are refused. Raise the amount, or wait for the next window.";
    }

    private static string OfProvider(Alert alert)
    {
        var provider = OneLine(alert.Provider!);
        if (alert.Problem == AlertProblem.AccountExhausted)
            return $"The provider {provider} says that the quota or the credit of the gateway's account is used up. Its requests fail or go to other providers. Add credit at the provider.";
        return alert.Model is { } model
            ? $"The provider {provider} refuses the model {OneLine(model)}. Requests for it fail or go to other providers. Check the name of the model or deployment and the rights of the key."
            : $"The provider {provider} rejects the gateway's key or account. Its requests fail or go to other providers. Check the key.";
    }

    private static string OfRecords(Alert alert)
    {
        var requests = alert.Count == 1 ? "1 request" : string.Create(CultureInfo.InvariantCulture, $"{alert.Count} requests");
        return alert.Problem == AlertProblem.Expired
            ? $"{requests} expired. The gateway that held them was lost, or could not reach the database in time. They were charged at their maximum cost. Look for a gateway that was killed, and correct the charges if needed."
            : $"{requests} ended with an unknown outcome. The provider got them, and no complete answer came. They are charged as AI_GATEWAY_UNKNOWN_OUTCOME says. Look at the provider and the network to it.";
    }

    private static string LimitOf(BudgetMetric metric, int window) => new QuotaLimit(metric, BudgetWindow.OfCode(window)).Name;

    private static string Written(BudgetMetric metric, long amount) =>
        Shown(metric, amount).ToString(metric == BudgetMetric.Spend ? "0.00#######" : "0", CultureInfo.InvariantCulture);

    // Callers choose names of end users and models. A line break would let them write a line of the message.
    private static string OneLine(string name) => string.Concat(name.Select(character => char.IsControl(character) || character is '\u2028' or '\u2029' ? ' ' : character));
}
