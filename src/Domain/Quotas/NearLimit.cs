namespace AiGateway.Domain;

/// <summary>Whether a limit of a request is nearly used up. It reads the same state as <see cref="Admission"/>.</summary>
public static class NearLimit
{
    /// <summary>A limit with capacity for fewer such requests is nearly used up.</summary>
    private const int Few = 8;

    /// <summary>
    /// Whether a limit has capacity left for only a few requests like this one. What this request gives back at its settlement
    /// may then decide about the next one.
    /// </summary>
    /// <param name="state">The limits and their use before the request.</param>
    /// <param name="held">What is held for the request.</param>
    public static bool IsReached(LimitState state, HeldAmount held)
    {
        var (limits, used) = (state.Limits, state.Used);
        if (limits.DailyRequests - used.DayRequests < Few || limits.MonthlyRequests - used.MonthRequests < Few) return true;
        if ((Int128)held.NanoUsd * Few > Admission.CapacityOf(limits, used)) return true;
        for (var i = 0; i < state.Budgets.Count; i++)
        {
            var use = state.Budgets[i];
            if (!use.Budget.IsSoft && (Int128)use.NeededOf(held) * Few > use.Capacity) return true;
        }

        for (var i = 0; i < state.Rates.Count; i++)
        {
            if ((Int128)state.Rates[i].NeededOf(held) * Few > state.Rates[i].Capacity) return true;
        }

        return false;
    }
}
