"""The front desk: intake, webhooks, and the pages of citizens, departments and staff."""
