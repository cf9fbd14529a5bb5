// Rows of a picture with other colours.
#ifndef GAN_TASKS_RECOLOUR_H_
#define GAN_TASKS_RECOLOUR_H_

#include "media/picture.h"
#include "tasks/row_window.h"

namespace gan::core {

struct RecolouredRows {
  PictureInfo info;  // of what `rows` gives
  RowSource rows;
};

// colours: 1 or 3. Grey becomes three equal channels; RGB becomes its luma (ITU-R BT.601: 0.299,
// 0.587, 0.114), as most who train on grey pictures make them. Alpha stays. `rows` itself where the
// colours are those already.
RecolouredRows Recoloured(const PictureInfo& info, RowSource rows, int64_t colours);

}  // namespace gan::core

#endif  // GAN_TASKS_RECOLOUR_H_
