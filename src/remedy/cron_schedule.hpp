#pragma once

#include <string_view>

namespace netscan::detail {

/// Whether Kubernetes takes it as a CronJob's schedule: five fields (minute, hour, day of the
/// month, month, weekday), a word like `@hourly`, or `@every 1h30m`. As cron.ParseStandard() of
/// github.com/robfig/cron/v3, which Kubernetes validates by, reads them; without a time zone, which
/// CronJobs have a field for.
bool is_cron_schedule(std::string_view text);

}  // namespace netscan::detail
